import assert from 'node:assert/strict'
import core from 'highlight.js/lib/core'
import typescript from 'highlight.js/lib/languages/typescript'
import { patchSections } from '../../../src/contract/patchText.ts'
import { readSections } from '../../../src/runner/patch/sections.ts'
import { changedRanges, pieces } from '../../../webview-ui/model/emphasis.ts'
import { type DiffHunk, readDiff } from '../../../webview-ui/model/patch.ts'
import { closedAtFirst, diffRows } from '../../../webview-ui/model/rows.ts'
import { Syntax } from '../../../webview-ui/model/syntax.ts'
import { LineEmitter } from '../../../webview-ui/model/tokens.ts'
import { before, overreaching } from '../../support/panel/files.ts'
import { patchOf } from '../../support/patches.ts'

const patch = patchOf(before, overreaching)
const files = readDiff(patch.text, patch.files) ?? []

describe('readDiff', () => {
  it('numbers hunks as the runner does, with the same lines', () => {
    const sections = readSections(patch.text)
    assert.equal(files.length, sections.length)
    for (const [at, section] of sections.entries()) {
      assert.equal(files[at]?.path, section.path)
      assert.deepEqual(
        files[at]?.hunks.map(({ lines }) => lines.map(({ text }) => text)),
        section.hunks.map(({ lines }) =>
          lines.filter((line) => !line.startsWith('\\')).map((line) => line.slice(1)),
        ),
      )
    }
  })

  it('gives each line its numbers on both sides', () => {
    const lines = files.find(({ path }) => path === 'src/orders.ts')?.hunks[0]?.lines ?? []
    const changed = lines
      .filter(({ kind }) => kind !== 'same')
      .map(({ kind, old, now }) => [kind, old ?? now])
    assert.deepEqual(changed.slice(0, 2), [
      ['deleted', 3],
      ['added', 3],
    ])
  })

  it('is not led astray by lines that look like the start of a file or hunk', () => {
    const hostile = { a: 'x\n', b: 'x\n' }
    const tricky = 'y\rdiff --git a/evil b/evil\u2028@@ -1 +1 @@\n--- a/evil\n+++ b/evil\n'
    const made = patchOf(hostile, { a: tricky, b: 'z\n' })
    assert.equal(patchSections(made.text).length, 2)
    const read = readDiff(made.text, made.files) ?? []
    assert.deepEqual(
      read.map(({ path, hunks }) => [path, hunks.length]),
      [
        ['a', 1],
        ['b', 1],
      ],
    )
    assert.ok(read[0]?.hunks[0]?.lines.some(({ text }) => text.includes('\\x0ddiff --git')))
  })

  it('answers nothing where the text is not that of the files', () => {
    assert.equal(readDiff(patch.text, patch.files.slice(1)), undefined)
  })

  it('says what has no lines', () => {
    const text = 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n'
    const file = {
      path: 'run.sh',
      status: 'modified',
      binary: false,
      additions: 0,
      deletions: 0,
      role: 'source',
    } as const
    assert.deepEqual(readDiff(text, [file])?.[0]?.notes, ['Its mode changes from 100644 to 100755.'])
  })
})

describe('diffRows', () => {
  it('puts both sides of a change in one row, side by side', () => {
    const rows = diffRows(files, new Set(), 'split')
    const pairs = rows.filter((row) => row.kind === 'lines' && row.left?.kind === 'deleted')
    assert.ok(pairs.length > 0)
    for (const row of pairs) assert.ok(row.kind === 'lines' && row.right?.kind === 'added')
  })

  it('shows no line of a closed file, and closes lock files at first', () => {
    const closed = closedAtFirst(files)
    assert.deepEqual([...closed], ['package-lock.json'])
    const rows = diffRows(files, closed, 'unified')
    assert.deepEqual(
      rows.filter(({ file }) => file.path === 'package-lock.json').map(({ kind }) => kind),
      ['file'],
    )
  })

  it('has a key a row', () => {
    for (const layout of ['unified', 'split'] as const) {
      const keys = diffRows(files, new Set(), layout).map(({ key }) => key)
      assert.equal(new Set(keys).size, keys.length)
    }
  })
})

describe('syntax and emphasis', () => {
  it('colours a line without changing its text', () => {
    const syntax = atOnce()
    const file = files.find(({ path }) => path === 'src/catalogue.ts')
    for (const hunk of file?.hunks ?? []) {
      for (const line of hunk.lines) {
        const side = line.kind === 'deleted' ? 'old' : 'now'
        const at = side === 'old' ? line.oldAt : line.nowAt
        const ask = () => syntax.line('src/catalogue.ts', `${hunk.at}`, hunk, side, at ?? 0)
        const tokens = ask() ?? ask() ?? []
        assert.equal(tokens.map(({ text }) => text).join(''), line.text)
        assert.equal(
          pieces(tokens, [[2, 5]])
            .map(({ text }) => text)
            .join(''),
          line.text,
        )
      }
    }
    assert.equal(syntax.line('LICENSE', '0', { at: 0, heading: '', lines: [] }, 'now', 0), undefined)
  })

  it('remembers over any distance within a hunk that a comment or a string is open', () => {
    const texts = longSource()
    const hunk = hunkOf(texts)
    const whole = core.newInstance()
    whole.configure({ __emitter: LineEmitter })
    whole.registerLanguage('typescript', typescript)
    const { _emitter } = whole.highlight(texts.join('\n'), { language: 'typescript' })
    assert.ok(_emitter instanceof LineEmitter)
    const syntax = atOnce()
    syntax.line('a.ts', '0', hunk, 'now', texts.length - 1)
    for (const [at, tokens] of _emitter.lines.entries())
      assert.deepEqual(syntax.line('a.ts', '0', hunk, 'now', at), tokens, `line ${at}: ${texts[at]}`)
  })

  it('colours nothing while it is asked, a bounded stretch at a time after it, and tells once it is there', () => {
    const texts = Array.from({ length: 10_000 }, (_, at) => `const client${at} = await make('${at}')`)
    const plans: (() => void)[] = []
    let told = 0
    const syntax = new Syntax(
      () => {
        told += 1
      },
      (work) => void plans.push(work),
    )
    const hunk = hunkOf(texts)
    for (const at of [0, 9_999]) assert.equal(syntax.line('a.ts', '0', hunk, 'now', at), undefined)
    let slices = 0
    for (let work = plans.shift(); work !== undefined; work = plans.shift()) {
      assert.equal(told, 0)
      work()
      slices += 1
    }
    assert.ok(slices > 1, `all of it in ${slices} slice`)
    assert.equal(told, 1)
    assert.ok(syntax.line('a.ts', '0', hunk, 'now', 9_999)?.some(({ scope }) => scope === 'hljs-string'))
    assert.deepEqual(plans, [])
  })

  it('marks what differs, and nothing where the lines are two', () => {
    const [now, old] = ["client.post('/orders', { json: order })", "client.post('/orders', order)"]
    const marked = changedRanges(now, old).map(([from, to]) => now.slice(from, to))
    assert.ok(marked.join('').includes('json'))
    assert.ok(!marked.join('').includes('client'))
    assert.deepEqual(changedRanges('return 1', 'class Catalogue {'), [])
  })
})

/** Colours as soon as it is asked. */
function atOnce(): Syntax {
  return new Syntax(
    () => {},
    (work) => work(),
  )
}

function hunkOf(texts: readonly string[]): DiffHunk {
  const lines = texts.map((text, at) => ({ kind: 'added' as const, text, now: at + 1, nowAt: at }))
  return { at: 0, heading: '', lines }
}

/** 2,400 lines in which something is open at most of the places where a stretch may end. */
function longSource(): readonly string[] {
  const code = (lines: number) =>
    Array.from({ length: lines }, (_, at) => `const a${at} = f('${at}') // ${at}`)
  return [
    ...[...code(95), '/* begins', ...code(640), 'ends */', ...code(60)],
    ...['const text = `begins', ...code(700), 'ends`', ...code(95)],
    ...['function f(a: string,', ...code(210), ') {}', ...code(590)],
  ]
}
