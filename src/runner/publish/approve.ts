import type { EventBody } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import { doubt, isProven, standing } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'

export interface Approval {
  /** Codes of the warnings that a person has looked at, one by one. */
  readonly acknowledged: readonly string[]
  /** A person publishes although no judge has looked at the patch. */
  readonly withoutJudge: boolean
  /** A person publishes although the checks could prove nothing; `--yes` cannot say so. */
  readonly unverified: boolean
  /** Their name, as their git has it. */
  readonly by?: string | undefined
  /** The patch was verified on the commit alone, without the uncommitted work it was made on. */
  readonly verifiedOnCommit?: boolean
}

/**
 * The approval of a session's patch and base commit, as the event to be written. Throws `session-state`,
 * `dirty-not-committed`, `not-verified`, `not-judged`, `warnings-not-acknowledged`, `bad-usage`.
 */
export function approve(view: SessionView, approval: Approval): EventBody & { type: 'review.approved' } {
  const patch = publishable(view, approval.verifiedOnCommit === true)
  requireVerified(view, approval.unverified)
  if (view.verdict?.decision === 'veto')
    throw failures.sessionState(view.id, 'vetoed', 'approved by the judge')
  if (view.verdict?.decision !== 'approve' && !approval.withoutJudge) throw failures.notJudged()
  requireAcknowledged(view, approval.acknowledged)
  return {
    type: 'review.approved',
    digest: patch.digest,
    baseCommit: patch.baseCommit,
    acknowledged: [...new Set(approval.acknowledged)],
    withoutJudge: approval.withoutJudge,
    ...(isProven(view.matrix) ? {} : { unverified: true }),
    ...(approval.by === undefined ? {} : { by: approval.by }),
  }
}

function publishable(view: SessionView, verifiedOnCommit: boolean) {
  // Here nothing of it was ever run.
  if (view.imported !== undefined) throw failures.importedSession(view.id)
  if (view.outcome !== 'awaiting-review') {
    throw failures.sessionState(view.id, view.outcome ?? 'running', 'awaiting review')
  }
  if (view.patch === null || view.patch.files.length === 0) {
    throw failures.sessionState(view.id, 'without a change', 'one with a patch')
  }
  if (view.task.repository.includeUncommitted && !verifiedOnCommit) throw failures.dirtyNotCommitted()
  return view.patch
}

/** A person's word stands for a check that could prove nothing, never against one that failed or is to come. */
function requireVerified({ id, matrix }: SessionView, unverified: boolean): void {
  if (isProven(matrix)) return
  if (matrix === null || standing(matrix) === 'red') throw failures.notGreen(id, matrix?.reasons ?? [])
  if (unverified) return
  throw matrix.verified
    ? failures.notVerified([doubt(matrix), ...(matrix.notProven ?? [])], '')
    : failures.notVerified(matrix.reasons)
}

function requireAcknowledged({ warnings }: SessionView, acknowledged: readonly string[]): void {
  const known = new Set(warnings.map(({ code }) => code))
  const unknown = acknowledged.find((code) => !known.has(code))
  if (unknown !== undefined) throw failures.badUsage(`There is no warning ${unknown} to acknowledge.`)
  const open = warnings.filter(
    ({ severity, code }) => severity === 'acknowledge' && !acknowledged.includes(code),
  )
  if (open.length > 0) throw failures.warningsNotAcknowledged(open.map(({ code }) => code))
}
