import { z } from 'zod'
import { mostNamed, type PullRequestSeen } from '../../../contract/pullRequestSeen.ts'
import { type CheckResult, HostRefusal, type PersonsWords } from '../host.ts'
import type { Kept } from '../kept.ts'
import type { Gitlab } from './client.ts'

const MergeRequest = z.object({
  state: z.enum(['opened', 'closed', 'merged', 'locked']),
  sha: z.string(),
  draft: z.boolean().optional(),
  has_conflicts: z.boolean().optional(),
  author: z.object({ id: z.int() }).nullish(),
})
const Statuses = z.array(
  z.object({ name: z.string(), status: z.string(), description: z.string().nullish() }),
)
const Approvals = z.object({ approved: z.boolean().optional(), approved_by: z.array(z.unknown()).optional() })
const Notes = z.array(
  z.object({
    system: z.boolean(),
    body: z.string(),
    author: z.object({ id: z.int(), username: z.string().optional(), bot: z.boolean().optional() }).nullish(),
    position: z.object({ new_path: z.string().nullish() }).nullish(),
  }),
)
const Member = z.object({ access_level: z.int() })

/** A developer's: the least that may push. */
const mayWrite = 30
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
  return {
    ...{ ...common, state: 'open', checks: await checksOf(gitlab, found.sha, kept) },
    ...(found.has_conflicts === undefined ? {} : { conflict: found.has_conflicts }),
    review: approved ? 'approved' : 'none',
    comments: (await commentsOn(gitlab, at, found.author?.id, kept)).length,
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
      .map(({ name, status, description }) => [
        name,
        { failing: running.has(status) ? undefined : !passing.has(status), said: description ?? '' },
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

async function commentsOn(
  gitlab: Gitlab,
  at: string,
  requester: number | undefined,
  kept: Kept,
): Promise<readonly PersonsWords[]> {
  const notes = await gitlab.get(`${at}/notes`, { per_page: 100, sort: 'asc' }, Notes, kept)
  const said = notes.flatMap(({ system, author, body, position }) =>
    system || !author || author.bot === true || author.id === requester ? [] : [{ author, body, position }],
  )
  const levels = new Map<number, number>()
  for (const id of new Set(said.map(({ author }) => author.id))) {
    const member = await gitlab.get(`/members/all/${id}`, {}, Member, kept).catch(nothing)
    levels.set(id, member?.access_level ?? 0)
  }
  return said
    .filter(({ author }) => (levels.get(author.id) ?? 0) >= mayWrite)
    .map(({ author, body, position }) => ({
      ...{ author: author.username ?? String(author.id), text: body },
      ...(typeof position?.new_path === 'string' ? { path: position.new_path } : {}),
    }))
}

/** What people who may push say of a merge request that is not theirs. */
export async function wordsOn(gitlab: Gitlab, iid: number, kept: Kept): Promise<readonly PersonsWords[]> {
  const at = `/merge_requests/${iid}`
  const { author } = await gitlab.get(at, {}, MergeRequest, kept)
  return commentsOn(gitlab, at, author?.id, kept)
}

/** What may not be asked is not there. */
function nothing(error: unknown): undefined {
  if (error instanceof HostRefusal && ['permission', 'missing'].includes(error.trouble.kind)) return undefined
  throw error
}
