import { execFile } from 'node:child_process'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface GithubOptions {
  readonly token: string
  /** Bare repositories `owner/name.git`, in which branches are looked up. */
  readonly root: string
}

interface PullRequest {
  readonly number: number
  readonly title: string
  readonly body: string
  readonly head: string
  readonly base: string
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

interface Asked {
  readonly options: GithubOptions
  readonly pulls: Map<string, PullRequest[]>
  readonly owner: string
  readonly repo: string
  readonly url: URL
  readonly json: unknown
}

/** The parts of GitHub's interface that a pull request needs, as strict as the original. */
export function githubServer(options: GithubOptions): Server {
  const pulls = new Map<string, PullRequest[]>()
  return createServer((request, response) => {
    answer(options, pulls, request).then(
      (found) => send(response, found),
      (error: unknown) => send(response, { status: 500, body: { message: String(error) } }),
    )
  })
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

const notFound: Answer = { status: 404, body: { message: 'Not Found' } }

async function answer(
  options: GithubOptions,
  pulls: Map<string, PullRequest[]>,
  request: IncomingMessage,
): Promise<Answer> {
  if (request.headers['user-agent'] === undefined)
    return { status: 403, body: { message: 'User-Agent is required' } }
  const given = /^(?:token|Bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (given !== options.token) return { status: 401, body: { message: 'Bad credentials' } }
  const url = new URL(request.url ?? '/', 'http://localhost')
  const path = /^\/repos\/([^/]+)\/([^/]+)(\/pulls(?:\/(\d+))?)?$/.exec(url.pathname)
  const [, owner = '', repo = '', list, number] = path ?? []
  if (path === null || !(await exists(options, owner, repo))) return notFound
  const asked = { options, pulls, owner, repo, url, json: await readJson(request) }
  if (request.method === 'POST' && list !== undefined && number === undefined) return create(asked)
  if (request.method !== 'GET') return notFound
  if (list === undefined) return { status: 200, body: await repository(asked) }
  const all = pulls.get(`${owner}/${repo}`) ?? []
  if (number === undefined) return { status: 200, body: listed(asked, all) }
  const one = all.find((pull) => pull.number === Number(number))
  return one === undefined ? notFound : { status: 200, body: shown(asked, one) }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    return undefined
  }
}

async function git(
  { root }: GithubOptions,
  owner: string,
  repo: string,
  ...args: readonly string[]
): Promise<string | undefined> {
  return run('git', ['--git-dir', join(root, owner, `${repo}.git`), ...args]).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}

async function exists(options: GithubOptions, owner: string, repo: string): Promise<boolean> {
  return (await git(options, owner, repo, 'rev-parse', '--git-dir')) !== undefined
}

async function repository({ options, owner, repo }: Asked) {
  const head = await git(options, owner, repo, 'symbolic-ref', '--short', 'HEAD')
  return {
    full_name: `${owner}/${repo}`,
    name: repo,
    owner: { login: owner },
    default_branch: head ?? 'main',
  }
}

function listed(asked: Asked, all: readonly PullRequest[]) {
  const head = asked.url.searchParams.get('head')
  const found = head === null ? all : all.filter((pull) => head === `${asked.owner}:${pull.head}`)
  return found.map((pull) => shown(asked, pull))
}

function shown({ owner, repo }: Asked, pull: PullRequest) {
  return {
    number: pull.number,
    state: 'open',
    title: pull.title,
    body: pull.body,
    html_url: `https://github.example.com/${owner}/${repo}/pull/${pull.number}`,
    head: { ref: pull.head, label: `${owner}:${pull.head}` },
    base: { ref: pull.base },
  }
}

function invalid(errors: readonly unknown[]): Answer {
  return { status: 422, body: { message: 'Validation Failed', errors } }
}

async function create(asked: Asked): Promise<Answer> {
  const { options, owner, repo, pulls, json } = asked
  if (typeof json !== 'object' || json === null)
    return { status: 400, body: { message: 'Problems parsing JSON' } }
  const fields = json as Record<string, unknown>
  const missing = ['title', 'head', 'base'].filter(
    (field) => typeof fields[field] !== 'string' || fields[field] === '',
  )
  if (missing.length > 0) {
    return invalid(missing.map((field) => ({ resource: 'PullRequest', code: 'missing_field', field })))
  }
  const [title, body, base] = [String(fields.title), String(fields.body ?? ''), String(fields.base)]
  const head = String(fields.head).replace(`${owner}:`, '')
  if (body.length > 65_536)
    return invalid([{ resource: 'PullRequest', code: 'custom', field: 'body', message: 'body is too long' }])
  const tips: (string | undefined)[] = []
  for (const [field, branch] of [
    ['head', head],
    ['base', base],
  ] as const) {
    const tip = await git(options, owner, repo, 'rev-parse', '--verify', '--quiet', `refs/heads/${branch}`)
    if (tip === undefined) return invalid([{ resource: 'PullRequest', code: 'invalid', field }])
    tips.push(tip)
  }
  if (tips[0] === tips[1]) {
    return invalid([
      { resource: 'PullRequest', code: 'custom', message: `No commits between ${base} and ${head}` },
    ])
  }
  const all = pulls.get(`${owner}/${repo}`) ?? []
  if (all.some((pull) => pull.head === head && pull.base === base)) {
    return invalid([
      {
        resource: 'PullRequest',
        code: 'custom',
        message: `A pull request already exists for ${owner}:${head}.`,
      },
    ])
  }
  const pull = { number: all.length + 1, title, body, head, base }
  pulls.set(`${owner}/${repo}`, [...all, pull])
  return { status: 201, body: shown(asked, pull) }
}
