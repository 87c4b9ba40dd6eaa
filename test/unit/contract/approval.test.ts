import assert from 'node:assert/strict'
import { approvalBlockers, mayDrop, waitsForReview } from '../../../src/contract/approval.ts'
import { failures } from '../../../src/contract/failures.ts'
import type { ReviewView } from '../../../src/contract/reviewView.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'
import { rareSessions } from '../../support/panel/states.ts'

const nothingSaid = { acknowledged: new Set<string>(), withoutJudge: false, unverified: false }

function review(name: string, changes: Partial<ReviewView> = {}): ReviewView {
  const session = sessionView(fixtureSessions().get(name)?.events ?? [])
  return { session, settled: true, dropped: [], earlier: null, pending: null, testMessages: [], ...changes }
}

/** With what was not committed. */
function packaged({ session }: ReviewView): Partial<ReviewView> {
  const repository = { ...session.task.repository, includeUncommitted: true }
  return { session: { ...session, task: { ...session.task, repository } } }
}

describe('approvalBlockers', () => {
  it('has none for a green, judged session without warnings', () => {
    assert.deepEqual(approvalBlockers(review('review'), nothingSaid), [])
  })

  const refused: readonly (readonly [string, Partial<ReviewView>, RegExp])[] = [
    ['running', {}, /still running/],
    ['vetoed', {}, /vetoed/],
    ['published', {}, /published/],
    ['not-verified', {}, /Nothing was verified/],
    ['not-judged', {}, /No judge/],
    ['warnings', {}, /Tick 3 warnings/],
    ['review', { settled: false }, /verified again/],
    ['review', { dropped: [{ path: 'src/orders.ts' }] }, /dropped parts/],
    ['review', packaged(review('review')), /commit them, and start a new session/],
    ['review', { pending: 'approve' }, /is being made/],
    ['review', { pending: 'retry' }, /under way/],
  ]
  for (const [name, changes, why] of refused) {
    it(`refuses ${name} ${Object.keys(changes)}: ${why}`, () => {
      assert.match(approvalBlockers(review(name, changes), nothingSaid).join(' '), why)
    })
  }

  it('calls a session that ended for want of a key what every list calls it', () => {
    const { session } = review('vetoed')
    const { failure } = failures.repairNeedsKey('the build')
    const ended = { ...session, outcome: 'verification-failed', failure } as const
    assert.deepEqual(approvalBlockers(review('vetoed', { session: ended }), nothingSaid), [
      'The session does not wait for review: needs a repair, no key.',
    ])
  })

  it('asks of what another machine has the same, and leaves the patch as it is', () => {
    const { session } = review('warnings')
    const mark = (more: object) => {
      const elsewhere = { campaign: 'it', worker: 'far:1', atWork: false, ...more }
      const imported = { at: session.createdAt, archive: 'a'.repeat(64), elsewhere }
      return review('warnings', { session: { ...session, imported } })
    }
    const [there, here] = [mark({}), review('warnings')]
    assert.deepEqual(approvalBlockers(there, nothingSaid), approvalBlockers(here, nothingSaid))
    assert.deepEqual([waitsForReview(there), mayDrop(there)], [true, false])
    assert.deepEqual([waitsForReview(here), mayDrop(here)], [true, true])
    const decision = { id: '20260101T000000000Z-0123456789ab', verdict: 'approve', by: 'Ann' }
    const decided = mark({ decision: { ...decision, at: session.createdAt } })
    assert.match(approvalBlockers(decided, nothingSaid).join(), /Only the machine that has it/)
    assert.equal(waitsForReview(decided), false)
  })

  it('counts ticks by code, and takes a judge that is missing only where it is said', () => {
    const two = { ...nothingSaid, acknowledged: new Set(['new-skip:test/catalogue.test.ts', 'another']) }
    assert.deepEqual(approvalBlockers(review('warnings'), two), ['Tick 2 warnings.'])
    assert.deepEqual(approvalBlockers(review('not-judged'), { ...nothingSaid, withoutJudge: true }), [])
  })

  it('takes checks that could prove nothing only where it is said, and never those that failed', () => {
    const said = { ...nothingSaid, withoutJudge: true, unverified: true }
    assert.deepEqual(approvalBlockers(review('not-verified'), { ...said, unverified: false }), [
      'Nothing was verified: tick that you take it on yourself.',
    ])
    assert.deepEqual(approvalBlockers(review('not-verified'), said), [])
    const { session } = review('failed')
    const red = { session: { ...session, outcome: 'awaiting-review' as const } }
    assert.deepEqual(approvalBlockers(review('failed', red), said), [
      'The checks are not green: retry or reject.',
    ])
    const earlier = { digest: 'a'.repeat(64), approvable: true }
    assert.deepEqual(approvalBlockers(review('failed', { ...red, earlier }), said), [
      'The checks are not green: take the dropped parts back, retry or reject.',
    ])
    const unchecked = { session: { ...red.session, matrix: null } }
    assert.match(approvalBlockers(review('failed', unchecked), said).join(' '), /did not run to their end/)
  })

  it('takes checks without a test only where it is said, and none that broke something', () => {
    const session = sessionView(rareSessions().get('without-tests')?.events ?? [])
    const steps = review('review', { session })
    assert.deepEqual(approvalBlockers(steps, nothingSaid), [
      'No test ran again: tick that you take it on yourself.',
    ])
    assert.deepEqual(approvalBlockers(steps, { ...nothingSaid, unverified: true }), [])
    const { matrix } = session
    assert.ok(matrix)
    const broken = { ...matrix, verified: false, green: false, breaks: ['The build fails.'] }
    const red = review('review', { session: { ...session, matrix: broken } })
    assert.match(approvalBlockers(red, { ...nothingSaid, unverified: true }).join(), /not green/)
  })

  it('never lets a veto pass, whatever is said', () => {
    const { session } = review('vetoed')
    const waiting = review('vetoed', { session: { ...session, outcome: 'awaiting-review' } })
    const acknowledged = new Set(session.warnings.map(({ code }) => code))
    const all = { acknowledged, withoutJudge: true, unverified: true }
    assert.deepEqual(approvalBlockers(waiting, all), ['The judge vetoed the change.'])
  })
})
