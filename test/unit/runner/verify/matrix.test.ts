import assert from 'node:assert/strict'
import fc from 'fast-check'
import { proofLine, standing } from '../../../../src/contract/proof.ts'
import {
  Matrix,
  type Report,
  type Step,
  type Summary,
  type SummaryFailure,
  type TestOutcome,
} from '../../../../src/contract/report.ts'
import { findFlaky, flakeCandidates, matrix } from '../../../../src/runner/verify/matrix.ts'
import { report, step } from '../../../support/reports.ts'

function summary(failures: readonly SummaryFailure[]): Summary {
  return {
    category: 'UNKNOWN',
    failures: [...failures],
    text: failures.map(({ message }) => message).join('\n'),
  }
}

function counted(passed: number, failed = 0): Step {
  return step('test', failed > 0 ? 1 : 0, { counts: { passed, failed, skipped: 0 } })
}

const a = 'a.js › one'
const b = 'a.js › two'
const c = 'b.js › three'

function labels(runs: Parameters<typeof matrix>[0]): Record<string, string> {
  return Object.fromEntries(matrix(runs).tests.map(({ id, label }) => [id, label]))
}

describe('matrix', () => {
  it('is green where everything that passed passes', () => {
    const made = matrix({ base: report({ [a]: 'passed' }), update: report({ [a]: 'passed' }) })
    assert.deepEqual([made.green, made.verified, made.counts.passing, made.tests], [true, true, 1, []])
    assert.deepEqual(Matrix.parse(made), made)
  })

  it('labels each fate of a test', () => {
    const base = report({ [a]: 'passed', [b]: 'failed', [c]: 'passed', 'b.js › gone': 'passed' })
    const update = report({ [a]: 'failed', [b]: 'failed', [c]: 'passed', 'b.js › gone': 'passed' })
    const repair = report({ [a]: 'passed', [b]: 'failed', [c]: 'failed', 'b.js › more': 'passed' })
    assert.deepEqual(labels({ base, update, repair }), {
      [a]: 'repaired',
      [b]: 'already failing',
      [c]: 'regressed',
      'b.js › gone': 'removed',
      'b.js › more': 'new',
    })
    assert.deepEqual(labels({ base, update }), { [a]: 'broken', [b]: 'already failing' })
    assert.deepEqual(labels({ base, update, repair: update }), { [a]: 'broken', [b]: 'already failing' })
  })

  it('counts the tests of a file that does not load as broken, then repaired', () => {
    const base = report({ [a]: 'passed', [c]: 'passed' })
    const update = report({ 'a.js': 'failed', [c]: 'passed' })
    assert.deepEqual(labels({ base, update }), { [a]: 'broken' })
    assert.deepEqual(labels({ base, update, repair: base }), { [a]: 'repaired' })
    assert.deepEqual(labels({ base, update: base, repair: update }), { [a]: 'regressed' })
    const made = matrix({ base, update })
    assert.equal(made.green, false)
    // The file is none of them.
    assert.deepEqual(made.reasons.slice(-1), [`1 test broken: ${a}.`])
  })

  it('does not let failing baseline tests block', () => {
    const base = report({ [a]: 'passed', [b]: 'failed' })
    const made = matrix({ base, update: base })
    assert.equal(made.green, true)
    assert.equal(made.counts['already failing'], 1)
  })

  it('blocks on a failing command that no test explains', () => {
    const base = report({ [a]: 'passed' })
    const coverage = report({ [a]: 'passed' }, { steps: [step('build'), step('test', 1)] })
    assert.deepEqual(matrix({ base, update: coverage }).reasons, [
      'The test command (`npm run test`) fails, although no test did that passed before.',
    ])
    assert.equal(matrix({ base: coverage, update: coverage }).green, true)
  })

  it('blocks on build and lint that the base passed, and not on lint that it failed', () => {
    const base = report({ [a]: 'passed' }, { steps: [step('build'), step('test'), step('lint', 0)] })
    const lint = report({ [a]: 'passed' }, { steps: [step('build'), step('test'), step('lint', 1)] })
    const build = report({ [a]: 'passed' }, { steps: [step('build', 2), step('test'), step('lint')] })
    assert.equal(matrix({ base, update: lint }).green, false)
    assert.equal(matrix({ base: lint, update: lint }).green, true)
    assert.equal(matrix({ base, update: build }).green, false)
    assert.equal(matrix({ base, update: report({ [a]: 'passed' }) }).green, false, 'lint was not run')
  })

  it('verifies nothing where nothing that passed on the base was measured again', () => {
    const good = report({ [a]: 'passed' })
    const noBuild = { steps: [step('test')] }
    const cases: readonly (readonly [Report, Report])[] = [
      [report({ [a]: 'failed' }, { steps: [step('test', 1)] }), report({ [a]: 'failed' }, noBuild)],
      [report({ [a]: 'skipped' }, noBuild), report({ [a]: 'skipped' }, noBuild)],
      [report({}, { setupError: 'install failed', steps: [] }), good],
      [report({}, { steps: [] }), report({}, { steps: [] })],
      [report({}, { steps: [step('test', 1)] }), report({}, { steps: [step('test', 0)] })],
      [report({}, { steps: [counted(0)] }), report({}, { steps: [counted(0)] })],
    ]
    for (const [base, update] of cases) {
      const made = matrix({ base, update })
      assert.deepEqual([made.verified, made.green, made.proof], [false, false, 'none'], JSON.stringify(made))
      assert.deepEqual(made.breaks, [])
      assert.notEqual(made.reasons.length, 0)
    }
  })

  it('is red, whatever else is missing, where something that was measured is worse', () => {
    const good = report({ [a]: 'passed' })
    const cases: readonly (readonly [Report, Report, RegExp])[] = [
      [good, report({ [c]: 'passed' }), /1 test not run: a\.js › one/],
      [
        good,
        report({}, { setupError: 'the workspace is full', steps: [] }),
        /could not be run: the workspace/,
      ],
      [
        good,
        report({}, { steps: [step('build'), step('test', null, { timedOut: true })] }),
        /not end in time/,
      ],
      [report({}, { steps: [step('build')] }), report({}, { steps: [step('build', 2)] }), /build .* fails/],
      [
        report({ [a]: 'failed' }),
        report({ [a]: 'failed' }, { steps: [step('build', 1), step('test', 1)] }),
        /build/,
      ],
      [
        report({}, { steps: [step('build'), step('test', 1)] }),
        report({}, { steps: [step('build', 1), step('test', 1)] }),
        /build .* fails/,
      ],
    ]
    for (const [base, update, why] of cases) {
      const made = matrix({ base, update })
      assert.equal(made.green, false)
      assert.match(made.breaks?.join() ?? '', why, JSON.stringify(made))
    }
  })

  it('measures each command on its own', () => {
    const type = { command: 'tsc --noEmit', derived: true as const }
    const steps = (build: number, check: number): Partial<Report> => ({
      steps: [step('build', build), step('build', check, type)],
    })
    const base = report({}, steps(1, 0))
    assert.deepEqual(matrix({ base, update: report({}, steps(1, 2)) }).breaks, [
      'The build (`tsc --noEmit`) fails.',
    ])
    const made = matrix({ base, update: report({}, steps(1, 2)), repair: base })
    assert.deepEqual([made.green, made.proof], [true, 'steps'])
    assert.deepEqual(
      made.steps.map(({ command, label, derived }) => [command, label, derived]),
      [
        ['npm run build', 'already failing', undefined],
        ['tsc --noEmit', 'repaired', true],
      ],
    )
    assert.deepEqual(made.proven, ['repaired: the build (tsc --noEmit, derived)'])
    assert.deepEqual(made.notProven, [
      'this project has no tests',
      'the build (npm run build) fails on the base as well, in the same way',
    ])
  })

  it('says in one line what a repair without tests proves', () => {
    const [base, update] = [0, 2].map((code) => report({}, { steps: [step('build', code)] }))
    assert.ok(base !== undefined && update !== undefined)
    const made = matrix({ base, update, repair: base })
    assert.equal(proofLine(made), 'repaired: the build; this project has no tests')
    assert.equal(standing(made), 'steps')
  })

  it('takes the place of a command that the patch rewrote', () => {
    const base = report({ [a]: 'passed' })
    const renamed = report(
      { [a]: 'passed' },
      { steps: [step('build'), step('test', 0, { command: 'jest --x' })] },
    )
    assert.equal(matrix({ base, repair: renamed }).green, true)
    const gone = report({ [a]: 'passed' }, { steps: [step('test')] })
    assert.deepEqual(matrix({ base, repair: gone }).breaks, ['The build (`npm run build`) was not run.'])
  })

  describe('a command that failed on the base', () => {
    const failing = (...failures: SummaryFailure[]): Report =>
      report({}, { steps: [step('build', 1, { summary: summary(failures) })] })
    const one = { file: 'src/a.ts', line: 3, message: "Cannot find name 'x'. (3 s)" }
    const other = { file: 'src/b.ts', line: 9, message: "Property 'parse' does not exist." }

    it('does not block while it fails in the same way', () => {
      const moved = { ...one, line: 30, message: "Cannot find name 'x'. (4 s)" }
      const made = matrix({ base: failing(one, other), update: failing(moved) })
      assert.deepEqual([made.breaks, made.verified], [[], false])
    })

    it('is a break once it fails in another', () => {
      const made = matrix({ base: failing(one), update: failing(one, other) })
      assert.match(made.breaks?.join() ?? '', /another way than on the base: src\/b\.ts: Property 'parse'/)
      assert.equal(
        matrix({ base: failing(one), update: failing(one, other), repair: failing(one) }).breaks?.length,
        0,
      )
    })

    it('compares exit code and words where the log says nothing more', () => {
      const text = (exitCode: number, words: string): Report =>
        report({}, { steps: [step('test', exitCode, { summary: { ...summary([]), text: words } })] })
      const base = text(1, 'boom at /workspace/a/b.js:3:4 after 12 ms')
      assert.deepEqual(
        matrix({ base, update: text(1, 'boom at /workspace/a/c.js:7:1 after 9 ms') }).breaks,
        [],
      )
      assert.equal(matrix({ base, update: text(1, 'bang') }).breaks?.length, 1)
      assert.equal(matrix({ base, update: text(2, 'boom') }).breaks?.length, 1)
    })

    it('does not hide suites that cannot be loaded any more', () => {
      const suites = (...files: string[]): Report => {
        const failures = files.map((file) => ({ file, message: "Cannot find module 'left'" }))
        return report({}, { steps: [step('test', 1, { summary: summary(failures) })] })
      }
      const made = matrix({
        base: suites('c.test.js'),
        update: suites('a.test.js', 'b.test.js', 'c.test.js'),
      })
      assert.match(made.breaks?.join() ?? '', /a\.test\.js: Cannot find module 'left' and 1 more/)
    })

    it('is repaired by a change after which it passes', () => {
      const made = matrix({ base: failing(one), update: report({}, { steps: [step('build')] }) })
      assert.deepEqual([made.steps[0]?.label, made.breaks], ['repaired', []])
    })
  })

  it('says where only exit codes were compared, and calls that no test', () => {
    const base = report({}, { steps: [step('test')] })
    const made = matrix({ base, update: base })
    assert.deepEqual([made.green, made.verified, made.proof], [true, true, 'steps'])
    assert.match(made.notProven?.join() ?? '', /only its exit code/)
    assert.equal(matrix({ base, update: report({}, { steps: [step('test', 1)] }) }).green, false)
  })

  describe('tests that are only counted', () => {
    const tests = (passed: number, failed = 0): Report => report({}, { steps: [counted(passed, failed)] })

    it('are a proof where they ran again', () => {
      const made = matrix({ base: tests(2), update: tests(2) })
      assert.deepEqual([made.green, made.proof], [true, 'tests'])
      assert.match(made.notProven?.join() ?? '', /no names: they were counted/)
    })

    it('are missed where none runs, fewer run or more fail', () => {
      const nothing = report({}, { steps: [step('test')] })
      const reasons = (update: Report): string => matrix({ base: tests(2), update }).breaks?.join() ?? ''
      assert.match(reasons(nothing), /ran no test: 2 ran before/)
      assert.match(reasons(tests(0)), /ran no test: 2 ran before/)
      assert.match(reasons(tests(1)), /Fewer tests ran: 1, 2 before/)
      assert.match(
        matrix({ base: tests(2, 1), update: tests(1, 2) }).breaks?.join() ?? '',
        /More tests fail: 2, 1/,
      )
    })

    it('are not called nameless where the base names them and the change runs none', () => {
      const base = report({ [a]: 'passed' }, { steps: [counted(1)] })
      const made = matrix({ base, update: report({}, { steps: [step('test')] }) })
      assert.match(made.breaks?.join() ?? '', /ran no test: 1 ran before/)
      assert.deepEqual(made.notProven, [])
    })

    it('may be fewer where the change touches tests, which is said', () => {
      const made = matrix({ base: tests(3), repair: tests(2), touchesTests: true })
      assert.equal(made.green, true)
      assert.match(made.notProven?.join() ?? '', /fewer tests ran/)
    })

    it('do not stand in for the names that a part of a workspace has', () => {
      const part = (passed: number): Report =>
        report({ [a]: 'passed' }, { steps: [counted(passed)], unnamed: ['packages/b'] })
      assert.equal(matrix({ base: part(5), update: part(5) }).green, true)
      assert.match(
        matrix({ base: part(5), update: part(5) }).notProven?.join() ?? '',
        /tests of packages\/b have no/,
      )
      assert.equal(matrix({ base: part(5), update: part(1) }).green, false)
    })
  })

  it('tells what one part without names breaks beside a test that failed before', () => {
    const known = { test: 'one', file: 'a.js', message: 'old' }
    const fresh = { file: 'packages/b/b.test.js', message: 'Cannot find module' }
    const part = (...failures: SummaryFailure[]): Report =>
      report(
        { [a]: 'failed', [c]: 'passed' },
        { steps: [step('test', 1, { summary: summary(failures) })], unnamed: ['packages/b'] },
      )
    assert.equal(matrix({ base: part(known), update: part(known) }).green, true)
    assert.match(
      matrix({ base: part(known), update: part(known, fresh) }).breaks?.join() ?? '',
      /packages\/b/,
    )
  })

  it('says of a test that is flaky on the base what it is, and does not block on it', () => {
    const base = report({ [a]: 'passed', [b]: 'passed' }, { flaky: [a] })
    const made = matrix({ base, update: report({ [a]: 'passed', [b]: 'passed' }) })
    assert.deepEqual([made.green, made.counts.flaky], [true, 1])
    assert.match(made.notProven?.join() ?? '', /two runs of the base: a\.js › one/)
    assert.equal(matrix({ base, update: report({ [a]: 'failed', [b]: 'passed' }) }).green, false)
  })

  describe('names that differ from run to run', () => {
    const named = (...titles: string[]): Report =>
      report(Object.fromEntries(titles.map((title) => [`a.js › ${title}`, 'passed' as const])))
    const at = (time: string, port: number): string[] => ['stays', `now is ${time}`, `uses port ${port}`]
    const base = named(...at('2026-11-28T10:00:00.000Z', 3120))
    const again = named(...at('2026-11-28T10:00:07.010Z', 40021))

    it('are lost without a second run of the base, and matched with one', () => {
      const update = named(...at('2026-11-28T10:01:00.500Z', 999))
      assert.equal(matrix({ base, update }).counts.removed, 2)
      const made = matrix({ base, update, again })
      assert.deepEqual(
        [made.green, made.counts.removed, made.counts.new, made.counts.passing],
        [true, 0, 0, 3],
      )
      assert.equal(made.unstable?.length, 2)
    })

    it('may come back by chance, as a process id does', () => {
      const greeting = (titles: readonly string[], pid: number) => named(...titles, `process ${pid} greets`)
      const first = greeting(at('2026-11-28T10:00:00.000Z', 3120), 58)
      const second = greeting(at('2026-11-28T10:00:07.010Z', 40021), 58)
      const later = at('2026-11-28T10:01:00.500Z', 999)
      const made = matrix({ base: first, again: second, update: greeting(later, 57) })
      assert.deepEqual(
        [made.green, made.counts.removed, made.counts.new, made.unstable?.length],
        [true, 0, 0, 3],
      )
      // Gone is gone, and so it is where nothing in the file changes its name.
      assert.equal(matrix({ base: first, again: second, update: named(...later) }).counts.removed, 1)
      const steady = (pid: number) => greeting(['stays'], pid)
      assert.equal(matrix({ base: steady(58), again: steady(58), update: steady(57) }).counts.removed, 1)
    })

    it('do not excuse a test that is gone, nor one that fails', () => {
      const less = named('stays', 'uses port 999')
      assert.equal(matrix({ base, update: less, again }).counts.removed, 1)
      const failing = report({
        'a.js › stays': 'passed',
        'a.js › uses port 1': 'failed',
        'a.js › now is x': 'passed',
      })
      assert.equal(matrix({ base, update: failing, again }).green, false)
    })

    it('do not cover a test with a stable name', () => {
      const update = named('now is 2026-11-28T10:01:00.500Z', 'uses port 999')
      assert.deepEqual(
        matrix({ base, update, again }).tests.map(({ id, label }) => [id, label]),
        [['a.js › stays', 'removed']],
      )
    })
  })

  it('follows a test that moved with its file, and only then', () => {
    const base = report({ 'a.test.js › s › x': 'passed', [c]: 'passed' })
    const moved = report({ 'a.test.ts › s › x': 'passed', [c]: 'passed' })
    assert.deepEqual([matrix({ base, repair: moved }).green, labels({ base, repair: moved })], [true, {}])
    const failing = report({ 'a.test.ts › s › x': 'failed', [c]: 'passed' })
    assert.deepEqual(labels({ base, repair: failing }), { 'a.test.js › s › x': 'regressed' })
  })

  it('blocks on a deleted test file and on a failing test that was left out', () => {
    const base = report({ [a]: 'passed', [b]: 'passed', [c]: 'passed' })
    const update = report({ [a]: 'failed', [b]: 'passed', [c]: 'passed' })
    const withoutFile = report({ [a]: 'passed', [b]: 'passed' })
    const withoutTest = report({ [b]: 'passed', [c]: 'passed' })
    assert.equal(matrix({ base, update, repair: withoutFile }).green, false)
    assert.equal(matrix({ base, update, repair: withoutTest }).green, false)
    const touched = matrix({ base, update: base, repair: withoutTest, touchesTests: true })
    assert.equal(touched.green, true, 'of a change that touches tests it is a warning')
    assert.equal(matrix({ base, update: base, repair: withoutTest }).green, false)
    const lost = matrix({ base, update: withoutTest })
    assert.deepEqual([lost.green, lost.breaks], [false, [`1 test removed: ${a}.`]])
    assert.equal(
      matrix({ base, repair: report({ [a]: 'skipped', [b]: 'passed', [c]: 'passed' }) }).green,
      false,
    )
  })

  it('looks for no flaky tests where the build broke', () => {
    const base = report({ [a]: 'passed' })
    const broken = { steps: [step('build', 1), step('test', 1)] }
    assert.equal(flakeCandidates({ base, update: report({ [a]: 'failed' }) }).length, 1)
    assert.equal(flakeCandidates({ base, update: report({ [a]: 'failed' }, broken) }).length, 0)
  })

  it('looks for them where the build broke and tests of their files ran, or where no test needs it', () => {
    const base = report({ [a]: 'passed', [b]: 'passed', [c]: 'passed' })
    const failing = { [a]: 'failed', [b]: 'passed', [c]: 'failed' } as const
    const found = (build: Step) =>
      flakeCandidates({
        base: { ...base, steps: [{ ...build, exitCode: 0 }, step('test', 0)] },
        update: report(failing, { steps: [build, step('test', 1)] }),
      }).map(({ id }) => id)
    assert.deepEqual(found(step('build', 1)), [a])
    assert.deepEqual(found(step('build', 1, { derived: true })), [a, c])
  })

  it('takes a flaky test out of the judgement', async () => {
    const base = report({ [a]: 'passed', [b]: 'passed' })
    const update = report({ [a]: 'failed', [b]: 'failed' })
    const candidates = flakeCandidates({ base, update })
    assert.deepEqual(
      candidates.map(({ id }) => id),
      [a, b],
    )
    const asked: (readonly string[])[] = []
    const flaky = await findFlaky(
      candidates,
      async (files) => {
        asked.push(files)
        return report({ [a]: asked.length > 1 ? 'passed' : 'failed', [b]: 'failed' })
      },
      3,
    )
    assert.deepEqual([[...flaky], asked.length], [[a], 3])
    assert.deepEqual(labels({ base, update, flaky }), { [a]: 'flaky', [b]: 'broken' })
    assert.equal(matrix({ base, update, flaky: new Set([a, b]) }).green, true)
  })
})

const outcome = fc.constantFrom<TestOutcome>('passed', 'failed', 'skipped', 'todo')
const ids = fc.constantFrom(
  ...['a', 'b', 'c'].flatMap((file) => [`${file}.js › x`, `${file}.js › y`, `${file}.js`]),
)
const reports = fc.dictionary(ids, outcome, { maxKeys: 9 }).map((tests) => report(tests))
const runs = fc.record({
  base: reports,
  update: fc.option(reports, { nil: undefined }),
  repair: fc.option(reports, { nil: undefined }),
})

describe('matrix, for all reports', () => {
  it('is green only where verified, and counts each test once', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const made = matrix(given)
        assert.ok(made.verified || !made.green)
        const counted = Object.values(made.counts).reduce((sum, count) => sum + count, 0)
        assert.equal(counted - made.counts.passing, made.tests.length)
        const last = given.repair ?? given.update ?? given.base
        const known = new Set([...given.base.tests, ...last.tests].map(({ id }) => id))
        assert.ok(counted <= known.size)
        assert.ok(made.green || made.reasons.length > 0)
      }),
    )
  })

  it('never calls a test passing that did not pass at both ends', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const last = given.repair ?? given.update ?? given.base
        const shown = new Set(matrix(given).tests.map(({ id }) => id))
        for (const test of given.base.tests) {
          const after = last.tests.find(({ id }) => id === test.id)
          if (!shown.has(test.id))
            assert.deepEqual([test.outcome, after?.outcome ?? 'passed'], ['passed', 'passed'])
        }
      }),
    )
  })

  it('is not green once a test that passed on the base fails, is skipped or goes with its file', () => {
    const other = fc.constantFrom<TestOutcome | undefined>('failed', 'skipped', 'todo', undefined)
    fc.assert(
      fc.property(
        runs,
        ids.filter((id) => id.includes('›')),
        other,
        (given, id, fate) => {
          const base = report({ ...outcomes(given.base), [id]: 'passed' })
          const file = id.split(' › ')[0] ?? ''
          const rest = Object.entries(outcomes(given.repair ?? given.base)).filter(
            ([key]) => !key.startsWith(file),
          )
          const repair = report({
            ...Object.fromEntries(rest),
            ...(fate === undefined ? {} : { [id]: fate }),
          })
          const moved = rest.some(([key]) => key.endsWith(id.slice(file.length)) && !(key in outcomes(base)))
          fc.pre(!moved)
          assert.equal(matrix({ ...given, base, repair }).green, false)
        },
      ),
    )
  })

  it('does not depend on the order of tests', () => {
    fc.assert(
      fc.property(runs, (given) => {
        const turned = (one: Report | undefined) => one && { ...one, tests: one.tests.toReversed() }
        const other = matrix({
          ...given,
          base: turned(given.base) ?? given.base,
          repair: turned(given.repair),
        })
        assert.deepEqual(other.counts, matrix(given).counts)
        assert.equal(other.green, matrix(given).green)
      }),
    )
  })
})

function outcomes(one: Report): Record<string, TestOutcome> {
  return Object.fromEntries(one.tests.map(({ id, outcome }) => [id, outcome]))
}
