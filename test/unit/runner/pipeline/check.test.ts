import assert from 'node:assert/strict'
import { checksOf, flakesOf, outline } from '../../../../src/runner/pipeline/check.ts'
import { report, step } from '../../../support/reports.ts'

describe('what a stage of checks came to', () => {
  const base = report({ 'a › adds': 'passed', 'a › old': 'failed' })
  const green = report({ 'a › adds': 'passed' })

  it('is said by every run of them, and whether the base fails as they do', () => {
    const same = report({ 'a › adds': 'passed', 'a › old': 'failed' }, { role: 'update' })
    const worse = report({ 'a › adds': 'failed', 'a › old': 'failed' }, { role: 'update' })
    assert.deepEqual(checksOf(green), { checks: 'passed' })
    assert.deepEqual(checksOf(base), { checks: 'failed' })
    assert.deepEqual(checksOf(same, base), { checks: 'failed', asOnBase: true })
    assert.deepEqual(checksOf(worse, base), { checks: 'failed' })
  })

  it('is said of tests that ran again', () => {
    const last = report({ 'a › adds': 'failed' }, { role: 'update' })
    const [broken, flaky] = [new Set<string>(), new Set(['a › adds'])]
    assert.deepEqual(flakesOf(1, broken, { base: green, last }), {
      detail: 'once more: 1 of 1 test failed again',
      checks: 'failed',
    })
    assert.deepEqual(flakesOf(1, flaky, { base: green, last }), {
      detail: 'once more: 0 of 1 test failed again',
      checks: 'passed',
    })
  })

  it('is outlined, also where no test ran', () => {
    assert.equal(outline(base), 'build ok, test failed, 2 tests, 1 failed')
    assert.equal(outline(report({})), 'build ok, test ok')
    const none = [step('build'), step('test', 0, { counts: { passed: 0, failed: 0, skipped: 0 } })]
    assert.equal(outline(report({}, { steps: none })), 'build ok, no test ran')
    assert.equal(outline(report({}, { testsNamed: true })), 'build ok, no test ran')
  })
})
