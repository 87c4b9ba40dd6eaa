import assert from 'node:assert/strict'
import type { Report, TestResult } from '../../../../src/contract/report.ts'
import type { Reached } from '../../../../src/runner/ecosystems/reach.ts'
import {
  asFiles,
  goneWarnings,
  type ReachLine,
  reachLineText,
  repairWarnings,
  sorted,
} from '../../../../src/runner/verify/reach.ts'

const text = 'one()\n  two(old)\nthree()\n'
const lines: readonly ReachLine[] = [
  { path: 'src/a.js', line: 1 },
  { path: 'src/a.js', line: 2, words: ['old'] },
  { path: 'src/b.js', line: 3 },
]
const known = new Set(['src/a.js', 'src/b.js', 'test/a.test.js'])

function test(file: string | undefined, outcome: TestResult['outcome'] = 'passed'): TestResult {
  return { id: 'a', outcome, durationMs: 1, ...(file === undefined ? {} : { file }) }
}

function reportOf(tests: readonly TestResult[], steps: readonly ('build' | 'test')[] = ['test']): Report {
  const ran = {
    exitCode: 0,
    timedOut: false,
    outOfMemory: false,
    durationMs: 1,
    log: 'a'.repeat(64),
    truncated: false,
  }
  const all = steps.map((name) => ({ name, command: name, ...ran }))
  return { role: 'update', steps: all, tests: [...tests], testsNamed: true, ok: true, notes: [] }
}

function reachedOf(loaded: readonly string[], places: Reached['places'] = new Map()): Reached {
  return { loaded: new Set(loaded), places }
}

const isTest = (path: string) => path.startsWith('test/')
const ofA = new Map([['src/a.js', ['reached', 'unreached'] as const]])

async function sortedBy(reached: Reached | undefined, report = reportOf([test('test/a.test.js')])) {
  const files = await asFiles(lines, async () => text)
  const { unreached, unknown } = sorted(lines, files, { report, reached, known, isTest })
  const placed = (some: readonly ReachLine[]) => some.map(({ path, line }) => `${path}:${line}`)
  return [placed(unreached), placed(unknown)]
}

describe('lines that no check ran', () => {
  it('are asked for by the word that they use', async () => {
    const files = await asFiles(lines, async (path) => (path === 'src/a.js' ? text : undefined))
    assert.deepEqual(files, [{ path: 'src/a.js', text, offsets: [0, text.indexOf('old')] }])
  })

  it('are those not reached, and those of files that nothing loaded', async () => {
    const reached = reachedOf(['test/a.test.js', 'src/a.js'], ofA)
    assert.deepEqual(await sortedBy(reached), [['src/a.js:2', 'src/b.js:3'], []])
  })

  it('are not called so where a file of tests left nothing, or nothing was seen', async () => {
    const unknown = [[], ['src/a.js:2', 'src/b.js:3']]
    assert.deepEqual(await sortedBy(reachedOf(['src/a.js'], ofA)), unknown)
    assert.deepEqual(await sortedBy(undefined), [[], ['src/a.js:1', 'src/a.js:2', 'src/b.js:3']])
    const two = reportOf([test('test/a.test.js'), test('test/b.test.js', 'failed')])
    assert.deepEqual(await sortedBy(reachedOf(['test/a.test.js', 'src/a.js'], ofA), two), unknown)
    const skipped = reportOf([test('test/a.test.js'), test('test/b.test.js', 'skipped')])
    const [unreached] = await sortedBy(reachedOf(['test/a.test.js', 'src/a.js'], ofA), skipped)
    assert.equal(unreached?.length, 2)
  })

  it('are not those of files that a build has made others of', async () => {
    const reached = reachedOf(['test/a.test.js', 'dist/bundle.js', 'src/a.js'], ofA)
    assert.deepEqual(await sortedBy(reached), [['src/a.js:2'], ['src/b.js:3']])
  })

  it('are all lines where a project has no tests', async () => {
    const [unreached] = await sortedBy(reachedOf([]), reportOf([], ['build']))
    assert.deepEqual(unreached, ['src/a.js:1', 'src/a.js:2', 'src/b.js:3'])
  })

  it('of tests without files count where some test was seen', async () => {
    const report = reportOf([test(undefined)])
    assert.equal((await sortedBy(reachedOf(['test/a.test.js']), report))[0]?.length, 3)
    assert.equal((await sortedBy(reachedOf(['index.js']), report))[0]?.length, 0)
  })
})

describe('what is said of lines that no check ran', () => {
  const [one, two, three] = lines as [ReachLine, ReachLine, ReachLine]
  const to = { package: 'chalk', to: '5.0.0' }

  it('must be acknowledged where they use what is gone', () => {
    assert.deepEqual(goneWarnings(to, { unreached: [one, three], unknown: [two] }), [
      {
        code: 'not-run:chalk',
        message:
          '2 lines use what chalk 5.0.0, by its interface, no longer has, and no check ran them: src/a.js:1, src/b.js:3. Nothing shows that they still work.',
        places: [
          { path: 'src/a.js', line: 1 },
          { path: 'src/b.js', line: 3 },
        ],
        severity: 'acknowledge',
      },
      {
        code: 'may-not-run:chalk',
        message:
          '1 line uses what chalk 5.0.0, by its interface, no longer has, and it cannot be told whether a check ran it: src/a.js:2.',
        places: [{ path: 'src/a.js', line: 2 }],
        severity: 'notice',
      },
    ])
    assert.deepEqual(goneWarnings(to, { unreached: [], unknown: [] }), [])
  })

  it('is a notice where a repair wrote them, with the first five', () => {
    const many = Array.from({ length: 7 }, (_, at) => ({ path: 'a.js', line: at + 1 }))
    assert.deepEqual(repairWarnings({ unreached: many, unknown: [] }), [
      {
        code: 'repair-not-run',
        message: 'No check ran 7 lines of the repair: a.js:1, a.js:2, a.js:3, a.js:4, a.js:5 and 2 more.',
        places: many,
        severity: 'notice',
      },
    ])
    assert.deepEqual(repairWarnings({ unreached: [], unknown: many }), [])
  })

  it('is counted beside the stage', () => {
    assert.equal(reachLineText(1, { unreached: [], unknown: [] }), '1 of 1 line run')
    assert.equal(reachLineText(3, { unreached: [one], unknown: [two] }), '1 of 3 lines run, 1 not known')
  })
})
