import type { EventBody } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import { isProven } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { againstApproval } from '../../contract/toPublish.ts'

export interface Approval {
  /** Codes of the warnings that a person has looked at, one by one. */
  readonly acknowledged: readonly string[]
  /** A person publishes although no judge has looked at the patch. */
  readonly withoutJudge: boolean
  /** A person publishes although the checks could prove nothing; `--yes` cannot say so. */
  readonly unverified: boolean
  /** Their name, as their git has it. */
  readonly by?: string | undefined
}

/** The same, where nobody has approved it yet. Throws `session-state` where somebody has. */
export function approveOnce(view: SessionView, approval: Approval): EventBody & { type: 'review.approved' } {
  const { by } = view.approval ?? {}
  const already = `approved already${by === undefined ? '' : ` by ${by}`}`
  if (view.approval !== null) throw failures.sessionState(view.id, already, 'awaiting review')
  return approve(view, approval)
}

/**
 * The approval of a session's patch and base commit, as the event to be written. Throws `session-state`,
 * `dirty-not-committed`, `not-verified`, `not-judged`, `warnings-not-acknowledged`, `bad-usage`.
 */
export function approve(view: SessionView, approval: Approval): EventBody & { type: 'review.approved' } {
  const { patch } = view
  const [first] = againstApproval(view, { ...approval, acknowledged: new Set(approval.acknowledged) })
  if (first !== undefined) throw first.error
  if (patch === null) throw failures.sessionState(view.id, 'without a change', 'one with a patch')
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
