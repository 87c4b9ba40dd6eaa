import { Octokit } from '@octokit/rest'
import { z } from 'zod'
import { failures } from '../../contract/failures.ts'
import type { PullRequestWish } from '../../contract/pullRequest.ts'

/** A repository at GitHub, and how its interface is reached. */
export interface GithubRepository {
  readonly owner: string
  readonly repo: string
  readonly apiUrl: string
}

const publicApi = 'https://api.github.com'

/** The GitHub repository behind a remote's URL; undefined where the host is not GitHub as far as we know. */
export function githubRepository(remoteUrl: string, apiUrl?: string): GithubRepository | undefined {
  const place = hostAndPath(remoteUrl)
  if (place === undefined) return undefined
  const [owner, repo] = place.path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .slice(-2)
  if (owner === undefined || repo === undefined || owner === '' || repo === '') return undefined
  if (apiUrl !== undefined) return hosts(apiUrl).includes(place.host) ? { owner, repo, apiUrl } : undefined
  const isPublic = ['github.com', 'www.github.com', 'ssh.github.com'].includes(place.host)
  return isPublic ? { owner, repo, apiUrl: publicApi } : undefined
}

function hosts(apiUrl: string): readonly string[] {
  const { hostname } = new URL(apiUrl)
  return hostname === 'api.github.com'
    ? ['github.com', 'ssh.github.com']
    : [hostname, hostname.replace(/^api\./, '')]
}

function hostAndPath(url: string): { readonly host: string; readonly path: string } | undefined {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(url)
  if (!url.includes('://') && scp !== null)
    return { host: (scp[1] ?? '').toLowerCase(), path: `/${scp[2] ?? ''}` }
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, pathname } = new URL(url)
  return /^(https?|ssh|git):$/.test(protocol) ? { host: hostname.toLowerCase(), path: pathname } : undefined
}

export interface GithubOptions {
  readonly repository: GithubRepository
  readonly token: string
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
  /** Longest wait for an answer, ms. */
  readonly silentMs?: number
}

const silentMsByDefault = 60_000

/** What is used of GitHub's answers; whatever else answers at the address is not taken for it. */
const Repository = z.looseObject({ default_branch: z.string().min(1) })
const PullRequest = z.looseObject({ html_url: z.url(), number: z.int().positive() })

export interface OpenedPullRequest {
  readonly url: string
  readonly number: number
}

/** Opens the pull request, or finds the open one of the same branch. Throws `pull-request-failed`. */
export async function openPullRequest(
  wish: PullRequestWish,
  options: GithubOptions,
): Promise<OpenedPullRequest> {
  const { owner, repo, apiUrl } = options.repository
  const octokit = new Octokit({
    auth: options.token,
    baseUrl: apiUrl,
    userAgent: 'drydock',
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    request: { fetch: impatient(options) },
  })
  try {
    const base =
      wish.base ?? Repository.parse((await octokit.rest.repos.get({ owner, repo })).data).default_branch
    const open = await octokit.rest.pulls.list({ owner, repo, head: `${owner}:${wish.head}`, state: 'open' })
    const [known] = z.array(PullRequest).parse(open.data)
    if (known !== undefined) return { url: known.html_url, number: known.number }
    const { title, body, head, draft } = wish
    const made = await octokit.rest.pulls.create({ owner, repo, title, body, head, base, draft })
    const { html_url: url, number } = PullRequest.parse(made.data)
    return { url, number }
  } catch (error) {
    if (options.signal?.aborted === true) throw failures.cancelled()
    throw failures.pullRequestFailed(wish.head, reason(error, options), statusOf(error))
  }
}

/** A server that does not come to an end of its answer is given up; a person who cancels does not wait for one. */
function impatient({
  fetch: ask = globalThis.fetch,
  signal,
  silentMs = silentMsByDefault,
}: GithubOptions): typeof fetch {
  return async (input, init) => {
    const patience = AbortSignal.timeout(silentMs)
    const either = signal === undefined ? patience : AbortSignal.any([signal, patience])
    const answer = await ask(input, { ...init, signal: either })
    const { status, statusText, headers } = answer
    // Read here, because Octokit takes what broke off for an empty answer.
    return new Response(await bytesOf(answer), { status, statusText, headers })
  }
}

const maxAnswerBytes = 8 * 1024 * 1024

async function bytesOf({ body }: Response): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let seen = 0
  for await (const chunk of body ?? []) {
    seen += chunk.byteLength
    if (seen > maxAnswerBytes) throw new Error('its answer is too large')
    chunks.push(chunk)
  }
  return seen === 0 ? null : Buffer.concat(chunks)
}

function reason(error: unknown, { token, silentMs = silentMsByDefault }: GithubOptions): string {
  if (error instanceof z.ZodError) return 'its answer is none that GitHub gives'
  if (wasSilent(error)) return `the host did not answer within ${Math.ceil(silentMs / 1000)} s`
  if (!(error instanceof Error)) return 'the host could not be reached'
  const text = firstLine(error.message.replaceAll(token, '[redacted]'))
  const status = statusOf(error)
  return status === undefined
    ? `the host could not be reached, ${text}`
    : `the host answered ${status}, ${text}`
}

/** What never became an answer has a status of the client's own making. */
function statusOf(error: unknown): number | undefined {
  const answered =
    error instanceof Error && 'response' in error && error.response !== undefined && 'status' in error
  return answered ? Number(error.status) : undefined
}

function firstLine(text: string): string {
  return (text.split(/ - https?:/)[0] ?? '').split('\n')[0] ?? ''
}

function wasSilent(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || wasSilent(error.cause))
}
