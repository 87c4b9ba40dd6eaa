import assert from 'node:assert/strict'
import { stripVTControlCharacters } from 'node:util'
import type { PatchSource } from '../../../../src/contract/events.ts'
import type { Matrix } from '../../../../src/contract/report.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { lastRunOf, matrixTable, table } from '../../../../src/runner/terminal/tables.ts'

const many = (count: number, label: Matrix['tests'][number]['label']): Matrix['tests'] =>
  Array.from({ length: count }, (_, index) => ({ id: `a.test.js › ${label} ${index}`, label }))

function linesOf(tests: Matrix['tests'], source: PatchSource = 'repair'): readonly string[] {
  const counts: Record<string, number> = {}
  for (const { label } of tests) counts[label] = (counts[label] ?? 0) + 1
  const matrix = { counts, tests, steps: [], green: false, verified: false, reasons: [] }
  return matrixTable(matrix as Matrix, colors(false), lastRunOf(source)).split('\n')
}

describe('the tests at a terminal', () => {
  it('are of a repair only where somebody repaired', () => {
    const heads = (['repair', 'codemod', 'reviewer'] as const).map((source) =>
      linesOf(
        many(1, 'passing').map((one) => ({ ...one, repair: 'passed' as const })),
        source,
      )[1]
        ?.trim()
        .split(/\s+/)
        .at(-1),
    )
    assert.deepEqual(heads, ['repaired', 'repaired', 'change'])
  })

  it('are counted as one fact where a command did not come to them', () => {
    const lines = linesOf([...many(355, 'not run'), ...many(2, 'broken')])
    assert.equal(lines[0], 'Tests  2 broken, 355 not run')
    const rows = lines.filter((line) => line.includes('a.test.js'))
    assert.deepEqual(
      rows.map((line) => line.trim().split(/ {2,}/)[1]),
      ['not run 0', 'not run 1', 'not run 2', 'broken 0', 'broken 1'].map((name) => `a.test.js › ${name}`),
    )
    assert.ok(lines.includes('… and 352 more: --json has them'), lines.join('\n'))
  })

  it('have no column of a repair where there was none', () => {
    const [one] = many(1, 'broken')
    assert.ok(one !== undefined)
    assert.doesNotMatch(linesOf([{ ...one, base: 'passed', update: 'failed' }]).join('\n'), /repaired/)
    const after = linesOf([{ ...one, base: 'passed', update: 'failed', repair: 'failed' }]).join('\n')
    assert.match(after, /base +update +repaired/)
  })

  it('keep their columns in a narrow terminal: a name goes on below, and keeps its file whole', () => {
    const id =
      'complete/src/test/java/com/example/accessing/CustomerRepositoryTests.java › finds by the last name of somebody'
    const tests = [{ id, label: 'broken', base: 'passed', update: 'failed' }] as const
    const counts = { broken: 1 }
    const matrix = { counts, tests, steps: [], green: false, verified: false, reasons: [] }
    const lines = matrixTable(matrix as unknown as Matrix, colors(false), 'repaired', 80).split('\n')
    assert.deepEqual(
      lines.slice(1, 4).map((line) => line.trimEnd()),
      [
        '        test                                                      base    update',
        'broken  …/com/example/accessing/CustomerRepositoryTests.java ›    passed  failed',
        '          finds by the last name of somebody',
      ],
    )
  })

  it('are listed up to forty', () => {
    const lines = linesOf(many(50, 'broken'))
    assert.equal(lines.filter((line) => line.includes('a.test.js')).length, 40)
    assert.ok(lines.includes('… and 10 more: --json has them'))
  })
})

describe('a table at a terminal', () => {
  const rows = [
    ['20260102-030405-abc123', 'needs a repair, no key', 'update of one package to its latest version'],
    ['20260102-030406-abc124', colors(true).red('vetoed by the judge'), 'short'],
  ]

  it('fits its columns: long cells go on below, ids stay whole, nothing is lost', () => {
    const text = table(['session', 'state', 'why'], rows, colors(false), 60)
    const lines = stripVTControlCharacters(text).split('\n')
    assert.deepEqual(
      lines.filter((line) => line.trimEnd().length > 60),
      [],
    )
    for (const word of rows.flat().join(' ').split(' '))
      assert.ok(stripVTControlCharacters(text).includes(stripVTControlCharacters(word)), word)
    assert.ok(
      lines.some((line) => line.startsWith('20260102-030405-abc123  ')),
      text,
    )
  })

  it('is as wide as it is where nobody looks at one', () => {
    const text = table(['session', 'state', 'why'], rows, colors(false))
    assert.equal(text.split('\n').length, 3)
  })
})
