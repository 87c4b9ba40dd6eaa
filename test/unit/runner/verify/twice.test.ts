import assert from 'node:assert/strict'
import type { Report } from '../../../../src/contract/report.ts'
import { matrix } from '../../../../src/runner/verify/matrix.ts'
import { hasFailures, isReliable, mergeRuns } from '../../../../src/runner/verify/twice.ts'
import { report, step } from '../../../support/reports.ts'

const a = 'a.js › one'
const b = 'a.js › two'

const failing = (message: string): Report =>
  report(
    {},
    {
      steps: [
        step('build', 1, {
          summary: { category: 'COMPILATION_FAILURE', failures: [{ file: 'a.ts', message }], text: message },
        }),
      ],
    },
  )

describe('two runs of the base', () => {
  it('are asked for where something failed or was ended', () => {
    assert.equal(hasFailures(report({ [a]: 'passed' })), false)
    assert.equal(hasFailures(report({ [a]: 'failed' })), true)
    assert.equal(hasFailures(report({}, { steps: [step('test', null, { timedOut: true })] })), true)
    assert.equal(hasFailures(report({}, { steps: [step('build', 1)] })), true)
  })

  it('keep what failed in both', () => {
    const once = report({ [a]: 'failed', [b]: 'passed' })
    const merged = mergeRuns(once, once)
    assert.deepEqual(merged.tests, once.tests)
    assert.equal(isReliable(merged), true)
  })

  it('let a test pass that passed once, and are not kept', () => {
    const merged = mergeRuns(
      report({ [a]: 'failed', [b]: 'passed' }),
      report({ [a]: 'passed', [b]: 'passed' }),
    )
    assert.deepEqual([merged.flaky, merged.ok, isReliable(merged)], [[a], true, false])
    const broken = report({ [a]: 'failed', [b]: 'passed' })
    assert.equal(
      matrix({ base: merged, update: broken }).green,
      false,
      'a broken update hides behind no flake',
    )
  })

  it('name what failed in the second alone', () => {
    const merged = mergeRuns(report({ [a]: 'passed' }), report({ [a]: 'failed' }))
    assert.deepEqual([merged.flaky, merged.tests[0]?.outcome, isReliable(merged)], [[a], 'passed', false])
  })

  it('take the tests of a file that loaded once', () => {
    const merged = mergeRuns(
      report({ 'a.js': 'failed', 'c.js › x': 'passed' }),
      report({ [a]: 'passed', [b]: 'passed', 'c.js › x': 'passed' }),
    )
    assert.deepEqual(merged.tests.map(({ id }) => id).sort(), [a, b, 'c.js › x'])
    assert.deepEqual(merged.flaky, ['a.js'])
  })

  it('let a command pass that passed once, its tests all counted as passed', () => {
    const run = (passed: number, failed: number): Report =>
      report({}, { steps: [step('test', failed > 0 ? 1 : 0, { counts: { passed, failed, skipped: 1 } })] })
    const merged = mergeRuns(run(2, 1), run(3, 0))
    assert.deepEqual(merged.steps[0]?.counts, { passed: 3, failed: 0, skipped: 1 })
    assert.deepEqual([merged.flaky, merged.ok], [['npm run test'], true])
  })

  it('know every way in which a command fails', () => {
    const merged = mergeRuns(failing('one'), failing('two'))
    assert.equal(merged.steps[0]?.summary?.failures.length, 2)
    for (const way of ['one', 'two'])
      assert.deepEqual(matrix({ base: merged, update: failing(way) }).breaks, [])
    assert.equal(matrix({ base: merged, update: failing('three') }).breaks?.length, 1)
  })

  it('are no result where a command was ended from outside both times', () => {
    const ended = report({}, { steps: [step('build'), step('test', null, { outOfMemory: true })] })
    const merged = mergeRuns(ended, ended)
    assert.equal(isReliable(merged), false)
    const made = matrix({ base: merged, update: ended })
    assert.deepEqual([made.green, made.proof], [true, 'steps'])
    assert.match(made.notProven?.join() ?? '', /test command ran out of memory on the base/)
    const whole = report({}, { steps: [step('build'), step('test'), step('lint')] })
    assert.deepEqual(
      mergeRuns(ended, whole).steps.map(({ name, exitCode }) => [name, exitCode]),
      [
        ['build', 0],
        ['test', 0],
        ['lint', 0],
      ],
    )
  })
})
