import assert from 'node:assert/strict'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { Choice, choose, describeFault, type Fault, faultKinds } from '../../faults/choice.ts'
import { untrue } from '../../faults/truth.ts'
import type { Oracle } from '../../faults/world.ts'

const oracles: Readonly<Record<'good' | 'bad', Oracle>> = {
  good: { outcome: 'awaiting-review', green: true, digest: 'd', decision: 'approve', peakMb: 1, seconds: 1 },
  bad: {
    ...{ outcome: 'verification-failed', green: false, digest: undefined, decision: undefined },
    ...{ peakMb: 1, seconds: 1 },
  },
}

const view = (outcome: SessionView['outcome'], more: object = {}): SessionView =>
  ({ outcome, failure: null, matrix: null, verdict: null, patch: null, reason: '', ...more }) as SessionView
const waits = view('awaiting-review', {
  ...{ matrix: { green: true }, verdict: { decision: 'approve' }, patch: { digest: 'd' } },
})
const failed = (code: string): SessionView =>
  view('setup-failed', { failure: { code, message: 'm', next: 'n' } })

const after = (fault: Fault): Choice => ({ ...choose(0), fault })
const kill = after({ kind: 'runner', act: 'kill' })
const noModel = after({ kind: 'peer', of: 'model', trouble: '5xx', lasts: true })
const pause = after({ kind: 'container', of: 'project', act: 'pause' })

describe('the fault campaign', () => {
  it('draws the same for the same seed, and every fault there is', () => {
    const drawn = Array.from({ length: 600 }, (_, seed) => Choice.parse(choose(seed)))
    assert.deepEqual(choose(123), choose(123))
    assert.deepEqual(new Set(drawn.map(({ fault }) => fault.kind)), new Set(faultKinds))
    assert.ok(new Set(drawn.map(({ fault }) => describeFault(fault))).size > 60)
  })

  it('takes the undisturbed end for true, and a worse one by the name of what was done', () => {
    assert.equal(untrue(waits, oracles.good, kill, true), undefined)
    assert.equal(untrue(view('interrupted'), oracles.good, kill, true), undefined)
    assert.equal(untrue(failed('model-unavailable'), oracles.good, noModel, true), undefined)
    assert.equal(untrue(view('verification-failed'), oracles.bad, kill, true), undefined)
    const notJudged = { ...waits, verdict: { decision: 'not-judged' } } as SessionView
    assert.equal(untrue(notJudged, oracles.good, noModel, true), undefined)
  })

  it('takes nothing else', () => {
    const wrong: readonly (readonly [SessionView, Oracle, Choice, boolean])[] = [
      [waits, oracles.bad, kill, true],
      [view('interrupted'), oracles.good, kill, false],
      [view('verification-failed'), oracles.good, kill, true],
      [failed('internal'), oracles.good, noModel, true],
      [failed('engine-lost'), oracles.good, pause, true],
      [{ ...waits, patch: { digest: 'e' } } as SessionView, oracles.good, kill, true],
      [{ ...waits, verdict: { decision: 'not-judged' } } as SessionView, oracles.good, kill, true],
    ]
    for (const [end, oracle, choice, happened] of wrong)
      assert.notEqual(untrue(end, oracle, choice, happened), undefined, `${end.outcome} ${end.failure?.code}`)
  })
})
