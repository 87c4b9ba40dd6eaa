import assert from 'node:assert/strict'
import { readDiff } from '../../../webview-ui/model/patch.ts'
import { Quotes } from '../../../webview-ui/model/quotes.ts'
import { rowOf } from '../../../webview-ui/model/rows.ts'
import { patchOf } from '../../support/patches.ts'

const text = (...lines: string[]) => `${lines.join('\n')}\n`
const before = {
  'src/a.ts': text('const id = 1', 'function f() {', '  return id', '}'),
  'src/b.ts': text('import x from "x"', 'x(1)'),
}
const after = {
  'src/a.ts': text('const id = 1', 'function f() {', '  // const id = 1', '\treturn (await id)', '}', 'f()'),
  'src/b.ts': text('import x from "x"', 'x({ \u202evalue: 2 })'),
}
const patch = patchOf(before, after)
const files = readDiff(patch.text, patch.files) ?? []
const found = (quote: string) => {
  const place = new Quotes(files).find(quote)
  return place === undefined ? undefined : [place.file.path, place.line.kind, place.line.text.trim()]
}

describe('quotations of the judge', () => {
  it('are found whatever the white space, with the signs of the patch and without', () => {
    const there = ['src/a.ts', 'added', 'return (await id)']
    assert.deepEqual(found('return (await id)'), there)
    assert.deepEqual(found('+\treturn  (await id)\n }\n+f()'), there)
    assert.deepEqual(found('return (await id)\n}\nf()'), there)
    assert.deepEqual(found('-  return id'), ['src/a.ts', 'deleted', 'return id'])
  })

  it('lead to a line that changes where there is one, else to the first', () => {
    assert.deepEqual(found('const id = 1'), ['src/a.ts', 'added', '// const id = 1'])
    assert.deepEqual(found('import x'), ['src/b.ts', 'same', 'import x from "x"'])
  })

  it('are found by what is shown of them', () => {
    assert.deepEqual(found('x({ \u202evalue: 2 })')?.slice(0, 2), ['src/b.ts', 'added'])
  })

  it('lead nowhere where they are not in a hunk', () => {
    for (const quote of ['', ' \n', 'diff --git a/src/a.ts', 'nowhere', '+++ b/src/a.ts']) {
      assert.equal(found(quote), undefined, quote)
    }
  })

  it('have a row in either layout', () => {
    const place = new Quotes(files).find('return (await id)')
    assert.ok(place)
    for (const layout of ['unified', 'split'] as const)
      assert.match(rowOf(place.file, place.line, layout) ?? '', /^0\.0\.\d+$/)
  })
})
