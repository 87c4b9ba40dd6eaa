import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Matrix, type Report, type TestOutcome } from '../../../../src/contract/report.ts'
import { findFlaky, flakeCandidates, matrix } from '../../../../src/runner/verify/matrix.ts'
import { report, step } from '../../../support/reports.ts'

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
    assert.deepEqual(labels({ base, update }), { [a]: 'broken', 'a.js': 'broken' })
    assert.deepEqual(labels({ base, update, repair: base }), { [a]: 'repaired' })
    assert.deepEqual(labels({ base, update: base, repair: update }), {
      [a]: 'regressed',
      'a.js': 'regressed',
    })
    assert.equal(matrix({ base, update }).green, false)
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
      'The test command failed, although no test did.',
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

  it('verifies nothing where the base proves nothing', () => {
    const good = report({ [a]: 'passed' })
    const cases: readonly (readonly [Report, Report])[] = [
      [report({ [a]: 'passed' }, { steps: [step('build', 1), step('test')] }), good],
      [report({ [a]: 'failed' }), report({ [a]: 'failed' })],
      [report({ [a]: 'failed' }), good],
      [report({ [a]: 'skipped' }), good],
      [good, report({ [c]: 'passed' })],
      [good, report({}, { setupError: 'the workspace is full', steps: [] })],
      [report({}, { setupError: 'install failed', steps: [] }), good],
      [report({}, { steps: [step('build')] }), report({}, { steps: [step('build')] })],
      [report({}, { steps: [step('test', 1)] }), report({}, { steps: [step('test', 0)] })],
      [good, report({}, { steps: [step('build'), step('test', null, { timedOut: true })] })],
    ]
    for (const [base, update] of cases) {
      const made = matrix({ base, update })
      assert.equal(made.verified, false, JSON.stringify(made))
      assert.equal(made.green, false)
      assert.notEqual(made.reasons.length, 0)
    }
  })

  it('falls back to exit codes, and says so', () => {
    const base = report({}, { steps: [step('test')] })
    const made = matrix({ base, update: base })
    assert.deepEqual([made.green, made.verified], [true, true])
    assert.match(made.reasons.join(), /only exit codes/)
    assert.equal(matrix({ base, update: report({}, { steps: [step('test', 1)] }) }).green, false)
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
    assert.equal(matrix({ base, update: base, repair: withoutTest }).green, true, 'removed is a warning')
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
