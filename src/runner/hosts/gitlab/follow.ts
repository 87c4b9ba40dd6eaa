import { z } from 'zod'
import { mostNamed, type PullRequestSeen } from '../../../contract/pullRequestSeen.ts'
import { type CheckResult, HostRefusal } from '../host.ts'
import type { Kept } from '../kept.ts'
import { threadsOf } from '../threads.ts'
import type { Gitlab } from './client.ts'
import { nothing } from './missing.ts'
import { spokenOn } from './threads.ts'

const MergeRequest = z.object({
  state: z.enum(['opened', 'closed', 'merged', 'locked']),
  sha: z.string(),
  draft: z.boolean().optional(),
  has_conflicts: z.boolean().optional(),
  author: z.object({ id: z.int() }).nullish(),
})
const Statuses = z.array(
  z.object({
    id: z.int().optional(),
    name: z.string(),
    status: z.string(),
    description: z.string().nullish(),
  }),
)
const Approvals = z.object({ approved: z.boolean().optional(), approved_by: z.array(z.unknown()).optional() })
const running = new Set([
  'created',
  'waiting_for_resource',
  'preparing',
  'pending',
  'running',
  'scheduled',
  'manual',
])
const passing = new Set(['success', 'skipped'])
const own = 'drydock'

/** What became of a merge request. GitLab has no "changes requested": a review is an approval, or words. */
export async function followRequest(gitlab: Gitlab, iid: number, kept: Kept): Promise<PullRequestSeen> {
  const at = `/merge_requests/${iid}`
  const found = await gitlab.get(at, {}, MergeRequest, kept)
  const common = { head: found.sha, draft: found.draft === true }
  const checks = { passed: 0, failed: 0, pending: 0, failing: [] }
  if (found.state === 'merged' || found.state === 'closed')
    return { ...common, checks, state: found.state, review: 'none', comments: 0 }
  const approvals = await gitlab.get(`${at}/approvals`, {}, Approvals, kept).catch(nothing)
  const approved = (approvals?.approved_by ?? []).length > 0
  const { spoken, isResolved } = await spokenOn(gitlab, at, found.author?.id, kept)
  return {
    ...{ ...common, state: 'open', checks: await checksOf(gitlab, found.sha, kept) },
    ...(found.has_conflicts === undefined ? {} : { conflict: found.has_conflicts }),
    review: approved ? 'approved' : 'none',
    comments: spoken.filter(({ may, own }) => may && !own).length,
    unanswered: threadsOf(spoken, isResolved).open.length,
  }
}

/** Results of jobs and statuses of a commit; the latest of each name. */
export async function resultsOf(
  gitlab: Gitlab,
  ref: string,
  kept: Kept,
): Promise<ReadonlyMap<string, CheckResult>> {
  const below = `/repository/commits/${encodeURIComponent(ref)}/statuses`
  const found = await gitlab.get(below, { per_page: 100 }, Statuses, kept)
  return new Map(
    found
      .filter(({ name }) => name !== own)
      .map(({ id, name, status, description }) => [
        name,
        {
          failing: running.has(status) ? undefined : !passing.has(status),
          said: description ?? '',
          ...(id === undefined ? {} : { job: String(id) }),
        },
      ]),
  )
}

async function checksOf(gitlab: Gitlab, sha: string, kept: Kept): Promise<PullRequestSeen['checks']> {
  const results = [...(await resultsOf(gitlab, sha, kept))]
  const failing = results.filter(([, one]) => one.failing === true).map(([name]) => name.slice(0, 300))
  const pending = results.filter(([, one]) => one.failing === undefined).length
  const passed = results.length - failing.length - pending
  return { passed, failed: failing.length, pending, failing: failing.slice(0, mostNamed) }
}

/** Undefined where it is gone, may not be read, or lies at another server. */
export async function jobLog(gitlab: Gitlab, job: string): Promise<string | undefined> {
  return gitlab.text(`/jobs/${encodeURIComponent(job)}/trace`).catch((error: unknown) => {
    if (error instanceof HostRefusal) return undefined
    throw error
  })
}
