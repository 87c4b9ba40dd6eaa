import { z } from 'zod'
import { mostNamed, type PullRequestSeen } from '../../../contract/pullRequestSeen.ts'
import type { CheckResult } from '../host.ts'
import type { Kept } from '../kept.ts'
import type { Github } from './client.ts'
import { conditional } from './conditional.ts'
import { Review, spokenOn, unanswered } from './threads.ts'
import { User, type Writers, writersOf } from './writers.ts'

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
  check_runs: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      conclusion: z.string().nullable(),
      output: Output,
      app: z.object({ slug: z.string().optional() }).nullish(),
    }),
  ),
})
const Statuses = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string(), description: z.string().nullish() })),
})

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
  const author = pull.user?.login
  const writers = writersOf(github, kept, author)
  const spoken = await spokenOn(github, number, kept, author, writers)
  return {
    ...{ ...common, state: 'open' },
    ...(pull.mergeable === null || pull.mergeable === undefined ? {} : { conflict: !pull.mergeable }),
    checks: await checksOf(github, kept, pull.head.sha),
    review: await reviewOf(github, kept, number, writers),
    comments: spoken.filter(({ may, thread }) => may && !thread.startsWith('review:')).length,
    unanswered: (await unanswered(github, number, spoken)).open.length,
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
      ({ id, name, conclusion, output, app }) =>
        [
          name,
          {
            ...result(conclusion ?? 'pending', wordsOf(output)),
            // Check runs of Actions have the number of their job.
            ...(app?.slug === 'github-actions' ? { job: String(id) } : {}),
          },
        ] as const,
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

async function reviewOf(
  github: Github,
  kept: Kept,
  number: number,
  writers: Writers,
): Promise<PullRequestSeen['review']> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews'
  const reviews = await conditional(
    github,
    kept,
    route,
    { pull_number: number, per_page: 100 },
    z.array(Review),
  )
  const latest = new Map<string, string>()
  for (const { user, state } of reviews) {
    if (state !== 'COMMENTED' && state !== 'PENDING' && (await writers(user)))
      latest.set(user?.login ?? '', state)
  }
  const said = new Set(latest.values())
  if (said.has('CHANGES_REQUESTED')) return 'changes-requested'
  return said.has('APPROVED') ? 'approved' : 'none'
}
