import { Octokit } from '@octokit/rest'
import { failures } from '../../contract/failures.ts'

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

export interface PullRequestWish {
  readonly title: string
  readonly body: string
  /** The pushed branch. */
  readonly head: string
  /** Where it should be merged; the default branch where this one is not at the remote. */
  readonly base: string | undefined
}

export interface GithubOptions {
  readonly repository: GithubRepository
  readonly token: string
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
}

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
    request: {
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  })
  try {
    const base = wish.base ?? (await octokit.rest.repos.get({ owner, repo })).data.default_branch
    const open = await octokit.rest.pulls.list({ owner, repo, head: `${owner}:${wish.head}`, state: 'open' })
    const [known] = open.data
    if (known !== undefined) return { url: known.html_url, number: known.number }
    const { title, body, head } = wish
    const made = await octokit.rest.pulls.create({ owner, repo, title, body, head, base })
    return { url: made.data.html_url, number: made.data.number }
  } catch (error) {
    throw failures.pullRequestFailed(wish.head, reason(error, options.token))
  }
}

function reason(error: unknown, token: string): string {
  if (!(error instanceof Error) || !('status' in error)) return 'the host could not be reached'
  const text = error.message.replaceAll(token, '[redacted]').split(/ - https?:/)[0]
  return `the host answered ${error.status}, ${(text ?? '').split('\n')[0]}`
}
