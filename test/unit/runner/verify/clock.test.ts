import assert from 'node:assert/strict'
import type { Report, TestOutcome } from '../../../../src/contract/report.ts'
import { byClock, clockEnv } from '../../../../src/runner/verify/clock.ts'

const date = '2020-02-02T00:00:00.000Z'

function report(...outcomes: readonly TestOutcome[]): Report {
  const tests = outcomes.map((outcome, at) => ({ id: `t${at}`, outcome, durationMs: 1 }))
  return { role: 'base', steps: [], tests, testsNamed: true, ok: false, notes: [] }
}

describe('the clock of a commit', () => {
  it('is as far from now as the commit', () => {
    const env = clockEnv(date, Date.parse('2020-02-02T01:00:00.000Z'))
    assert.equal(env.FAKETIME, '-3600')
    assert.match(env.LD_PRELOAD ?? '', /\.so$/)
  })

  it('counts where less fails with it, and nothing is missing', () => {
    const helped = byClock(report('passed', 'failed'), report('passed', 'passed'), date)
    assert.equal(helped.clock, date)
    assert.match(helped.notes.join(), /expired.*2020-02-02/)
    for (const set of [
      report('passed', 'failed'),
      report('passed'),
      { ...report('passed', 'passed'), setupError: 'x' },
    ]) {
      const kept = byClock(report('passed', 'failed'), set, date)
      assert.equal(kept.clock, undefined)
      assert.match(kept.notes.join(), /no less fails/)
    }
  })
})
