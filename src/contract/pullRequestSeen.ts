import { z } from 'zod'
import { CommitId } from './patch.ts'

/** Names that are kept of a host; more are counted alone. */
export const mostNamed = 20

/** What became of a pull request, as its host tells it. */
export const PullRequestSeen = z.strictObject({
  state: z.enum(['open', 'merged', 'closed']),
  /** Tip of its branch. */
  head: CommitId,
  draft: z.boolean(),
  /** It cannot be merged as it is; undefined where the host has not looked yet. */
  conflict: z.boolean().optional(),
  checks: z.strictObject({
    passed: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    pending: z.int().nonnegative(),
    /** Names of those that failed. */
    failing: z.array(z.string().max(300)).max(mostNamed),
  }),
  review: z.enum(['none', 'approved', 'changes-requested']),
  /** Comments of other people who may write to the repository. */
  comments: z.int().nonnegative(),
  /** Threads of theirs that nobody has answered or resolved; missing where it was asked before there was such a count. */
  unanswered: z.int().nonnegative().optional(),
})
export type PullRequestSeen = z.infer<typeof PullRequestSeen>

/** What a person should know of it in a few words each: what stands in the way, then what speaks for it. */
export function seenWords(seen: PullRequestSeen, ours?: string | null): { bad: string[]; good: string[] } {
  const { state, head, conflict, checks, review, comments, unanswered = 0, draft } = seen
  if (state !== 'open') return { bad: [], good: [] }
  const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`
  return {
    bad: [
      ...(conflict === true ? ['conflict with its base'] : []),
      ...(checks.failed > 0 ? [many(checks.failed, 'check fails', 'checks fail')] : []),
      ...(review === 'changes-requested' ? ['changes requested'] : []),
    ],
    good: [
      ...(draft ? ['draft'] : []),
      ...(review === 'approved' ? ['approved'] : []),
      ...(checks.pending > 0 ? [many(checks.pending, 'check runs', 'checks run')] : []),
      ...(checks.failed + checks.pending === 0 && checks.passed > 0
        ? [many(checks.passed, 'check passed', 'checks passed')]
        : []),
      ...(comments > 0 ? [many(comments, 'comment', 'comments')] : []),
      ...(unanswered > 0 ? [`${unanswered} to answer`] : []),
      ...(ours !== undefined && ours !== null && ours !== head ? ['newer commits on it'] : []),
    ],
  }
}

/** All of it on one line; empty where there is nothing to say. */
export function seenLine(seen: PullRequestSeen, ours?: string | null): string {
  const { bad, good } = seenWords(seen, ours)
  return [...bad, ...good].join(', ')
}

/** What a host says anew is told only where it says something else. */
export function sameSeen(a: PullRequestSeen, b: PullRequestSeen): boolean {
  return JSON.stringify(PullRequestSeen.parse(a)) === JSON.stringify(PullRequestSeen.parse(b))
}
