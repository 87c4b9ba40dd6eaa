import type { ReviewView } from './reviewView.ts'
import type { SessionView } from './sessionView.ts'

/** What a person said beside the patch. */
export interface Said {
  readonly acknowledged: ReadonlySet<string>
  readonly withoutJudge: boolean
}

/** Warnings that a person must tick before the patch can be approved. */
export function toAcknowledge({ warnings }: SessionView): SessionView['warnings'] {
  return warnings.filter(({ severity }) => severity === 'acknowledge')
}

/** Whether the patch, as it is on show, is the one that was checked and waits for a person. */
export function waitsForReview({ session, settled }: ReviewView): boolean {
  return session.outcome === 'awaiting-review' && settled
}

/** Why the patch cannot be approved, each reason in a sentence; none where it can. */
export function approvalBlockers(review: ReviewView, said: Said): readonly string[] {
  const { session, dropped, pending } = review
  if (pending === 'approve') return ['The pull request is being made.']
  if (pending !== null) return ['Another request is under way.']
  if (session.outcome === null) return ['The session is still running.']
  if (session.outcome !== 'awaiting-review')
    return [`The session does not wait for review: ${session.outcome}.`]
  if (!review.settled) return ['The change is being verified again.']
  if (session.patch === null || session.patch.files.length === 0) return ['There is no change.']
  return [
    ...(dropped.length > 0 ? ['Verify without the dropped parts first, or keep them.'] : []),
    ...verification(session),
    ...judgement(session, said),
    ...ticks(session, said),
  ]
}

function verification({ matrix }: SessionView): readonly string[] {
  if (matrix === null || !matrix.verified) return ['Nothing was verified, so it cannot be approved here.']
  return matrix.green ? [] : ['The checks are not green.']
}

function judgement({ verdict }: SessionView, { withoutJudge }: Said): readonly string[] {
  if (verdict?.decision === 'veto') return ['The judge vetoed the change.']
  if (verdict?.decision === 'approve' || withoutJudge) return []
  return ['No judge looked at it: tick that you take it on yourself.']
}

function ticks(session: SessionView, { acknowledged }: Said): readonly string[] {
  const open = toAcknowledge(session).filter(({ code }) => !acknowledged.has(code)).length
  if (open === 0) return []
  return [open === 1 ? 'Tick 1 warning.' : `Tick ${open} warnings.`]
}
