import assert from 'node:assert/strict'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import {
  Choice,
  choose,
  Disk,
  describeChoice,
  describeFault,
  type Fault,
  faultKinds,
  Jump,
  Manager,
} from '../../faults/choice.ts'
import { partsOf } from '../../faults/jobs.ts'
import type { Oracle } from '../../faults/scene.ts'
import { untrue } from '../../faults/truth.ts'

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
const clock = after({ kind: 'clock', by: 'years ahead', lasts: true })
const pause = after({ kind: 'container', of: 'project', act: 'pause' })

describe('the fault campaign', () => {
  it('draws the same for the same seed, and every fault there is', () => {
    const drawn = Array.from({ length: 600 }, (_, seed) => Choice.parse(choose(seed)))
    assert.deepEqual(choose(123), choose(123))
    assert.deepEqual(new Set(drawn.map(({ fault }) => fault.kind)), new Set(faultKinds))
    assert.ok(new Set(drawn.map(({ fault }) => describeFault(fault))).size > 60)
  })

  it('draws each kind of fault with each manager, every disk, and every jump of the clock', () => {
    const drawn = Array.from({ length: 600 }, (_, seed) => choose(seed))
    const pairs = new Set(drawn.map(({ fault, manager }) => `${fault.kind} ${manager}`))
    assert.equal(pairs.size, faultKinds.length * Manager.options.length)
    const disks = new Set(drawn.flatMap(({ fault }) => (fault.kind === 'disk' ? fault.of : [])))
    assert.deepEqual(disks, new Set(Disk.options))
    const jumped = new Set(drawn.flatMap(({ fault }) => (fault.kind === 'clock' ? fault.by : [])))
    assert.deepEqual(jumped, new Set(Jump.options))
  })

  it('gives every seed to one job, those of a manager to as few as can be', () => {
    const seeds = Array.from({ length: 50 }, (_, seed) => seed)
    const parts = partsOf(seeds, 3)
    assert.deepEqual(
      parts.flat().toSorted((a, b) => a - b),
      seeds,
    )
    assert.deepEqual(
      parts.map(({ length }) => length),
      [17, 17, 16],
    )
    const shared = parts.flatMap((part) => [...new Set(part.map((seed) => choose(seed).manager))])
    assert.ok(shared.length <= Manager.options.length + 2, shared.join())
    assert.deepEqual(partsOf([4], 3), [[4]])
    assert.deepEqual(partsOf([], 2), [])
  })

  it('means by a seed what it always meant: who changes that changes what every known seed replays', () => {
    assert.deepEqual(
      [0, 2, 5, 9, 57].map((seed) => describeChoice(choose(seed))),
      [
        'project container kill · yarn, clean, 2 attempts · 1052 ms after verify base',
        'disk full: home · maven, clean, cold, 1 attempts · 926 ms after judge',
        'clock years ahead, lasting · pnpm, clean, cold, 1 attempts · 456 ms after preflight',
        'disk full: volumes · berry, repair, cold, 1 attempts · 1663 ms after package',
        'disk full: images · pnpm, clean, cold, 1 attempts · 115 ms after preflight',
      ],
    )
  })

  it('takes the undisturbed end for true, and a worse one by the name of what was done', () => {
    assert.equal(untrue(waits, oracles.good, kill, true), undefined)
    assert.equal(untrue(view('interrupted'), oracles.good, kill, true), undefined)
    assert.equal(untrue(failed('model-unavailable'), oracles.good, noModel, true), undefined)
    const needsModel = { ...failed('repair-needs-model'), outcome: 'verification-failed' } as const
    assert.equal(untrue(needsModel, oracles.good, noModel, true), undefined)
    const lost = { ...failed('model-refused'), outcome: 'interrupted' } as const
    assert.equal(untrue(lost, oracles.good, noModel, true), undefined)
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
      [{ ...failed('model-refused'), outcome: 'verification-failed' }, oracles.good, noModel, true],
      [{ ...failed('repair-needs-model'), outcome: 'verification-failed' }, oracles.good, kill, true],
      [{ ...failed('engine-lost'), outcome: 'interrupted' }, oracles.good, noModel, true],
      [failed('engine-lost'), oracles.good, pause, true],
      [failed('install-failed'), oracles.good, clock, true],
      [{ ...waits, patch: { digest: 'e' } } as SessionView, oracles.good, kill, true],
      [{ ...waits, verdict: { decision: 'not-judged' } } as SessionView, oracles.good, kill, true],
    ]
    for (const [end, oracle, choice, happened] of wrong)
      assert.notEqual(untrue(end, oracle, choice, happened), undefined, `${end.outcome} ${end.failure?.code}`)
  })
})
