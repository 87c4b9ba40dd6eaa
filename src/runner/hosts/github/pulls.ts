import { z } from 'zod'
import type { PullRequestWish } from '../../../contract/pullRequest.ts'
import { HostRefusal, type Opened, type OpenRequest } from '../host.ts'
import { asking, type Github } from './client.ts'
import { givenTo } from './given.ts'

/** What is used of GitHub's answers; whatever else answers at the address is not taken for it. */
const PullRequest = z.looseObject({ html_url: z.url(), number: z.int().positive() })
const Listed = z.looseObject({
  ...PullRequest.shape,
  title: z.string(),
  user: z.looseObject({ login: z.string() }).nullish(),
  head: z.looseObject({ ref: z.string(), repo: z.looseObject({ full_name: z.string() }).nullish() }),
  base: z.looseObject({ ref: z.string() }),
})

const perPage = 100
const mostPages = 3

export async function openRequests(github: Github): Promise<readonly OpenRequest[]> {
  const { owner, repo } = github
  const found: OpenRequest[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const wish = { owner, repo, state: 'open' as const, per_page: perPage, page }
    const listed = await asking(github, async ({ rest }) =>
      z.array(Listed).parse((await rest.pulls.list(wish)).data),
    )
    found.push(...listed.map(requestOf))
    if (listed.length < perPage) break
  }
  return found
}

function requestOf({ html_url: url, number, title, user, head, base }: z.infer<typeof Listed>): OpenRequest {
  const author = user?.login ?? ''
  return { url, number, title, author, branch: head.ref, from: head.repo?.full_name ?? '', base: base.ref }
}

/** `from` is the owner of the repository that the branch is in. */
export async function openPull(github: Github, wish: PullRequestWish, from = github.owner): Promise<Opened> {
  const known = await pullOf(github, `${from}:${wish.head}`)
  // Whoever died before it was all given did not come further than this.
  const made = known ?? (await create(github, wish, from))
  return { ...made, notes: await givenTo(github, made.number, wish) }
}

type Made = Pick<Opened, 'url' | 'number'>

async function pullOf(github: Github, head: string): Promise<Made | undefined> {
  const { owner, repo } = github
  return asking(github, async ({ rest }) => {
    const { data } = await rest.pulls.list({ owner, repo, head, state: 'open' })
    const [found] = z.array(PullRequest).parse(data)
    return found === undefined ? undefined : madeOf(found)
  })
}

function madeOf({ html_url: url, number }: z.infer<typeof PullRequest>): Made {
  return { url, number }
}

/** Troubles after which nobody knows whether the request was served. */
const unsure = new Set(['unavailable', 'unreachable', 'silent', 'garbled', 'invalid'])

/** A request whose answer was lost is looked for before it is made again. */
async function create(github: Github, wish: PullRequestWish, from: string): Promise<Made> {
  const { owner, repo } = github
  const { title, body, head, draft } = wish
  const base = wish.base ?? (await defaultBranch(github))
  const label = from === owner ? head : `${from}:${head}`
  const fields = { owner, repo, title, body, base, head: label, ...(draft ? { draft } : {}) }
  const send = (): Promise<Made> =>
    asking(github, async ({ rest }) => madeOf(PullRequest.parse((await rest.pulls.create(fields)).data)))
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof HostRefusal) || !unsure.has(error.trouble.kind)) throw error
    const made = await pullOf(github, `${from}:${head}`).catch(() => undefined)
    if (made !== undefined) return made
    if (error.trouble.kind !== 'unavailable') throw error
    return await send()
  }
}

async function defaultBranch(github: Github): Promise<string> {
  const { owner, repo } = github
  const Answer = z.looseObject({ default_branch: z.string().min(1) })
  return asking(
    github,
    async ({ rest }) => Answer.parse((await rest.repos.get({ owner, repo })).data).default_branch,
  )
}
