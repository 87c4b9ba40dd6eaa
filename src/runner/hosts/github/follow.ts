import { z } from 'zod'
import { mostNamed, type PullRequestSeen } from '../../../contract/pullRequestSeen.ts'
import { type CheckResult, HostRefusal, type PersonsWords } from '../host.ts'
import type { Kept } from '../kept.ts'
import type { Github } from './client.ts'
import { conditional } from './conditional.ts'

const User = z.object({ login: z.string(), type: z.string() }).nullish()
const Pull = z.object({
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  draft: z.boolean().optional(),
  mergeable: z.boolean().nullish(),
  user: User,
  head: z.object({ sha: z.string() }),
})
const Output = z
  .object({ title: z.string().nullish(), summary: z.string().nullish(), text: z.string().nullish() })
  .nullish()
const CheckRuns = z.object({
  check_runs: z.array(z.object({ name: z.string(), conclusion: z.string().nullable(), output: Output })),
})
const Statuses = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string(), description: z.string().nullish() })),
})
const Reviews = z.array(z.object({ user: User, state: z.string() }))
const Comments = z.array(z.object({ user: User, body: z.string().nullish(), path: z.string().optional() }))
const Permission = z.object({ permission: z.string() })

const passing = new Set(['success', 'neutral', 'skipped'])
/** What we show beside the commit ourselves says nothing new. */
const own = 'drydock'

/** What became of a pull request: its state, checks, reviews, and comments of people who may write. */
export async function followPull(github: Github, number: number, kept: Kept): Promise<PullRequestSeen> {
  const pull = await conditional(
    github,
    kept,
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    { pull_number: number },
    Pull,
  )
  const common = { head: pull.head.sha, draft: pull.draft === true }
  const nothing = { checks: { passed: 0, failed: 0, pending: 0, failing: [] }, comments: 0 }
  if (pull.state === 'closed')
    return { ...common, ...nothing, state: pull.merged ? 'merged' : 'closed', review: 'none' }
  const writers = writersOf(github, kept, pull.user?.login)
  return {
    ...{ ...common, state: 'open' },
    ...(pull.mergeable === null || pull.mergeable === undefined ? {} : { conflict: !pull.mergeable }),
    checks: await checksOf(github, kept, pull.head.sha),
    review: await reviewOf(github, kept, number, writers),
    comments: (await commentsOn(github, kept, number, writers)).length,
  }
}

/** Results of check runs and statuses; the latest of each name. */
export async function resultsOf(
  github: Github,
  kept: Kept,
  ref: string,
): Promise<ReadonlyMap<string, CheckResult>> {
  const at = { ref, per_page: 100 }
  const [ofRuns, ofStatuses] = ['check-runs', 'status'].map(
    (what) => `GET /repos/{owner}/{repo}/commits/{ref}/${what}` as const,
  ) as [Route, Route]
  const { check_runs: runs } = await conditional(github, kept, ofRuns, at, CheckRuns)
  const { statuses } = await conditional(github, kept, ofStatuses, at, Statuses)
  const results = [
    ...runs.map(
      ({ name, conclusion, output }) => [name, result(conclusion ?? 'pending', wordsOf(output))] as const,
    ),
    ...statuses.map(
      ({ context, state, description }) => [context, result(state, description ?? '')] as const,
    ),
  ]
  return new Map(results.filter(([name]) => name !== own))
}

type Route = `GET /repos/{owner}/{repo}${string}`

function result(word: string, said: string): CheckResult {
  return { failing: word === 'pending' ? undefined : !passing.has(word), said }
}

function wordsOf(output: z.infer<typeof Output>): string {
  const { title, summary, text } = output ?? {}
  return [title, summary, text].filter((part) => typeof part === 'string' && part !== '').join('\n')
}

async function checksOf(github: Github, kept: Kept, ref: string): Promise<PullRequestSeen['checks']> {
  const results = [...(await resultsOf(github, kept, ref))]
  const failing = results.filter(([, one]) => one.failing === true).map(([name]) => name.slice(0, 300))
  const pending = results.filter(([, one]) => one.failing === undefined).length
  const passed = results.length - failing.length - pending
  return { passed, failed: failing.length, pending, failing: failing.slice(0, mostNamed) }
}

/** Whether an account may write; a bot's and the pull request's own author's word is none of another person. */
type Writers = (user: z.infer<typeof User>) => Promise<boolean>

function writersOf(github: Github, kept: Kept, author: string | undefined): Writers {
  const known = new Map<string, Promise<boolean>>()
  const ask = async (username: string): Promise<boolean> => {
    const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission'
    try {
      const { permission } = await conditional(github, kept, route, { username }, Permission)
      return permission === 'admin' || permission === 'write'
    } catch (error) {
      // Who may not be asked about is taken for a stranger.
      if (error instanceof HostRefusal && ['permission', 'missing'].includes(error.trouble.kind)) return false
      throw error
    }
  }
  return async (user) => {
    if (user === null || user === undefined || user.type === 'Bot' || user.login === author) return false
    const found = known.get(user.login) ?? ask(user.login)
    known.set(user.login, found)
    return found
  }
}

async function reviewOf(
  github: Github,
  kept: Kept,
  number: number,
  writers: Writers,
): Promise<PullRequestSeen['review']> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews'
  const reviews = await conditional(github, kept, route, { pull_number: number, per_page: 100 }, Reviews)
  const latest = new Map<string, string>()
  for (const { user, state } of reviews) {
    if (state !== 'COMMENTED' && state !== 'PENDING' && (await writers(user)))
      latest.set(user?.login ?? '', state)
  }
  const said = new Set(latest.values())
  if (said.has('CHANGES_REQUESTED')) return 'changes-requested'
  return said.has('APPROVED') ? 'approved' : 'none'
}

async function commentsOn(
  github: Github,
  kept: Kept,
  number: number,
  writers: Writers,
): Promise<z.infer<typeof Comments>> {
  const below = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
  const beside = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments'
  const all = [
    ...(await conditional(github, kept, below, { issue_number: number, per_page: 100 }, Comments)),
    ...(await conditional(github, kept, beside, { pull_number: number, per_page: 100 }, Comments)),
  ]
  const may = await Promise.all(all.map(({ user }) => writers(user)))
  return all.filter((_, at) => may[at] === true)
}

/** What people who may write say of a pull request that is not theirs. */
export async function wordsOn(github: Github, number: number, kept: Kept): Promise<readonly PersonsWords[]> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
  const { user } = await conditional(github, kept, route, { pull_number: number }, Pull)
  const comments = await commentsOn(github, kept, number, writersOf(github, kept, user?.login))
  return comments.map(({ user: who, body, path }) => ({
    author: who?.login ?? '',
    text: body ?? '',
    ...(path === undefined ? {} : { path }),
  }))
}
