import { z } from 'zod'
import type { ReviewThread } from '../../../contract/reviewThread.ts'
import { HostRefusal } from '../host.ts'
import type { Kept } from '../kept.ts'
import { type Spoken, type Threads, threadsOf } from '../threads.ts'
import { asking, type Github } from './client.ts'
import { conditional } from './conditional.ts'
import { User, type Writers, writersOf } from './writers.ts'

const Comment = z.object({
  id: z.int(),
  user: User,
  body: z.string().nullish(),
  path: z.string().optional(),
  line: z.int().positive().nullish(),
  original_line: z.int().positive().nullish(),
  in_reply_to_id: z.int().optional(),
})
/** Kept whole by whoever asks: one answer, one shape. */
export const Review = z.object({ id: z.int(), user: User, state: z.string(), body: z.string().nullish() })
const Author = z.object({ user: User })

const perPage = 100
const mostPages = 10

async function allOf<T>(
  github: Github,
  kept: Kept,
  route: `GET /repos/{owner}/{repo}${string}`,
  params: Readonly<Record<string, number>>,
  schema: z.ZodType<T>,
): Promise<readonly T[]> {
  const found: T[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const asked = { ...params, per_page: perPage, ...(page === 1 ? {} : { page }) }
    const some = await conditional(github, kept, route, asked, z.array(schema))
    found.push(...some)
    if (some.length < perPage) break
  }
  return found
}

/**
 * All that was said of a pull request: beside its lines (`beside:` and the thread's first comment), below it (`below:`),
 * and as a review's own words (`review:`). The numbers of the three are of one kind each.
 */
export async function spokenOn(
  github: Github,
  number: number,
  kept: Kept,
  author: string | undefined,
  writers: Writers,
): Promise<readonly Spoken[]> {
  const pull = { pull_number: number }
  const beside = await allOf(
    github,
    kept,
    'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments',
    pull,
    Comment,
  )
  const below = await allOf(
    github,
    kept,
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { issue_number: number },
    Comment,
  )
  const reviews = await allOf(
    github,
    kept,
    'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    pull,
    Review,
  )
  const all = [
    ...beside.map((one) => ({ ...one, thread: `beside:${one.in_reply_to_id ?? one.id}` })),
    ...below.map((one) => ({ ...one, thread: `below:${one.id}` })),
    ...reviews
      .filter(({ state }) => state !== 'PENDING')
      .map(({ id, user, body }) => ({ id, user, body, thread: `review:${id}` })),
  ]
  return Promise.all(
    all.map(async (one): Promise<Spoken> => {
      const { thread, id, user, body } = one
      const place = 'path' in one ? { path: one.path, line: one.line ?? one.original_line ?? undefined } : {}
      return {
        ...{ thread, number: id, author: user?.login ?? '', text: body ?? '', ...place },
        may: await writers(user),
        own: user?.login !== undefined && user.login === author,
        bot: user?.type === 'Bot',
      }
    }),
  )
}

const Resolved = z.object({
  repository: z.object({
    pullRequest: z.object({
      reviewThreads: z.object({
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
        nodes: z.array(
          z.object({
            isResolved: z.boolean(),
            comments: z.object({ nodes: z.array(z.object({ databaseId: z.int().nullable() })) }),
          }),
        ),
      }),
    }),
  }),
})

const resolvedQuery = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { isResolved comments(first: 1) { nodes { databaseId } } }
      }
    }
  }
}`

/** First comments of the threads that somebody has resolved, which only GraphQL tells; undefined where it may not be asked. */
async function resolvedOn(github: Github, number: number): Promise<ReadonlySet<string> | undefined> {
  const { owner, repo } = github
  const found = new Set<string>()
  let after: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const params: Record<string, unknown> = { owner, repo, number, after }
    const answer = await asking(github, async (octokit) =>
      Resolved.parse(await octokit.graphql(resolvedQuery, params)),
    ).catch(unlessClosed)
    if (answer === undefined) return undefined
    const { nodes, pageInfo } = answer.repository.pullRequest.reviewThreads
    for (const { isResolved, comments } of nodes) {
      const first = comments.nodes[0]?.databaseId
      if (isResolved && first !== undefined && first !== null) found.add(`beside:${first}`)
    }
    if (!pageInfo.hasNextPage) break
    after = pageInfo.endCursor
  }
  return found
}

function unlessClosed(error: unknown): undefined {
  const closed = ['permission', 'missing', 'invalid', 'version', 'garbled']
  if (error instanceof HostRefusal && closed.includes(error.trouble.kind)) return undefined
  throw error
}

/** The threads of a pull request that nobody has answered or resolved. */
export async function threadsOn(github: Github, number: number, kept: Kept): Promise<Threads> {
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
  const { user } = await conditional(github, kept, route, { pull_number: number }, Author)
  const writers = writersOf(github, kept, user?.login)
  return unanswered(github, number, await spokenOn(github, number, kept, user?.login, writers))
}

/** Whether they are resolved is asked only where it matters: the answer costs, changed or not. */
export async function unanswered(
  github: Github,
  number: number,
  spoken: readonly Spoken[],
): Promise<Threads> {
  const found = threadsOf(spoken)
  if (!found.open.some(({ id }) => id.startsWith('beside:'))) return { ...found, notes: [] }
  const resolved = await resolvedOn(github, number)
  if (resolved === undefined)
    return { ...found, notes: ['Which threads are resolved could not be asked: all of them count as open.'] }
  return { ...threadsOf(spoken, (thread) => resolved.has(thread)), notes: [] }
}

const Said = z.looseObject({ html_url: z.url() })

/** Answers a thread where it stands; what stands below the request is answered there. */
export async function answerThread(
  github: Github,
  number: number,
  { id }: Pick<ReviewThread, 'id'>,
  body: string,
): Promise<string> {
  const { owner, repo } = github
  const [kind, at] = id.split(':')
  return asking(github, async ({ rest }) => {
    const answer =
      kind === 'beside'
        ? await rest.pulls.createReplyForReviewComment({
            ...{ owner, repo, pull_number: number },
            ...{ comment_id: Number(at), body },
          })
        : await rest.issues.createComment({ owner, repo, issue_number: number, body })
    return Said.parse(answer.data).html_url
  })
}
