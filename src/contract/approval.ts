import { isElsewhere } from './elsewhere.ts'
import { mayFollow, standingOf } from './following.ts'
import { standing } from './proof.ts'
import type { ReviewView } from './reviewView.ts'
import type { SessionView } from './sessionView.ts'
import { endOf } from './states/ended.ts'
import { states } from './states/words.ts'

/** What a person said beside the patch. */
export interface Said {
  readonly acknowledged: ReadonlySet<string>
  readonly withoutJudge: boolean
  /** They take it on that no test, or no check at all, stands for it. */
  readonly unverified: boolean
}

/** Warnings that a person must tick before the patch can be approved. */
export function toAcknowledge({ warnings }: SessionView): SessionView['warnings'] {
  return warnings.filter(({ severity }) => severity === 'acknowledge')
}

/**
 * Boxes that a person has to tick before the patch can be approved, those that nobody has, and the warnings among these.
 * Where nothing is `said`, what an approval says counts.
 */
export function boxes(
  session: SessionView,
  said: Said | undefined,
): { readonly all: number; readonly open: number; readonly warnings: number } {
  const { approval } = session
  const given = said ?? {
    acknowledged: new Set(approval?.acknowledged ?? []),
    withoutJudge: approval?.withoutJudge ?? false,
    unverified: approval !== null,
  }
  const warned = toAcknowledge(session).map(({ code }) => given.acknowledged.has(code))
  const ticked = [
    ...warned,
    ...(needsWord(session) ? [given.unverified] : []),
    ...(lacksJudge(session) ? [given.withoutJudge] : []),
  ]
  const open = (some: readonly boolean[]): number => some.filter((one) => !one).length
  return { all: ticked.length, open: open(ticked), warnings: open(warned) }
}

/** Whether nobody judged the patch that waits; a veto is a judgement, and no tick mends it. */
export function lacksJudge({ outcome, verdict }: SessionView): boolean {
  return outcome === 'awaiting-review' && (verdict === null || verdict.decision === 'not-judged')
}

/** Whether ticks mean anything: the session may still be approved. */
export function isAsked(session: SessionView): boolean {
  return session.outcome === null || (session.outcome === 'awaiting-review' && !isRed(session))
}

/** Whether the patch, as it is on show, is the one that was checked and waits for a person. */
export function waitsForReview(review: ReviewView): boolean {
  return mayDrop(review) || standingOf(review.session, review.settled) === 'elsewhere'
}

/** Whether parts of that patch may be left out, which is checked where the session is. */
export function mayDrop({ session, settled }: ReviewView): boolean {
  return mayFollow('drop', standingOf(session, settled))
}

/** Why the patch cannot be approved, each reason in a sentence; none where it can. */
export function approvalBlockers(review: ReviewView, said: Said): readonly string[] {
  const { session, dropped, pending } = review
  if (pending === 'approve') return ['The pull request is being made.']
  if (pending !== null) return ['Another request is under way.']
  if (session.imported !== undefined && !isElsewhere(session))
    return ['It was imported: what it says was checked elsewhere. Run the update here to publish it.']
  const end = endOf(session)
  if (end === 'running') return ['The session is still running.']
  if (end !== 'awaiting-review') return [`The session does not wait for review: ${states[end].row}.`]
  if (!review.settled) return ['The change is being verified again.']
  if (standingOf(session, review.settled) === 'away') return ['Only the machine that has it goes on with it.']
  if (!mayFollow('publish', standingOf(session, review.settled)))
    return [
      'Parts were to be dropped, and what remains was never checked: drop them again, or take them back.',
    ]
  if (session.patch === null || session.patch.files.length === 0) return ['There is no change.']
  if (session.task.repository.includeUncommitted)
    return ['It packaged uncommitted changes: commit them, and start a new session.']
  // What no tick can mend is all there is to say.
  if (isRed(session)) return [notGreen(review)]
  return [
    ...(dropped.length > 0 ? ['Verify without the dropped parts first, or keep them.'] : []),
    ...verification(session, said),
    ...judgement(session, said),
    ...ticks(session, said),
  ]
}

/** Whether no test stands for the change, which a person may take on; checks that failed nobody can. */
export function needsWord({ matrix }: SessionView): boolean {
  return matrix !== null && ['not verified', 'steps'].includes(standing(matrix))
}

/** What such a person says. */
export function takenOn({ matrix }: SessionView): string {
  return matrix !== null && standing(matrix) === 'steps'
    ? 'No test that passed before ran again on this change. I take it on myself.'
    : 'The checks could prove nothing about this change. I take it on myself.'
}

/** Whether the checks failed, or did not run to their end: `drydock publish` refuses that as well, whatever is said. */
export function isRed({ matrix }: SessionView): boolean {
  return matrix === null || standing(matrix) === 'red'
}

function verification(session: SessionView, { unverified }: Said): readonly string[] {
  if (!needsWord(session) || unverified) return []
  const what = session.matrix?.verified === true ? 'No test ran again' : 'Nothing was verified'
  return [`${what}: tick that you take it on yourself.`]
}

function notGreen({ session: { matrix }, earlier }: ReviewView): string {
  const why = matrix === null ? 'The checks did not run to their end' : 'The checks are not green'
  return `${why}: ${earlier === null ? 'retry or reject.' : 'take the dropped parts back, retry or reject.'}`
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
