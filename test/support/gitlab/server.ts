import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Shape = Record<string, unknown>

/** A project at the stand-in; the shapes of its answers are those that GitLab 17 gives. */
export interface PlayedGitlab extends AsyncDisposable {
  readonly url: string
  readonly asked: string[]
  readonly answered: number[]
  archived: boolean
  /** Branch that cannot be pushed to or merged into by the token's account. */
  closedBranch: string | undefined
  readonly requests: Shape[]
  readonly statuses: { readonly sha: string; readonly name: string; readonly status: string }[]
  /** Each begins a discussion, but for those that name one. */
  readonly notes: {
    readonly iid: number
    readonly author: number
    readonly body: string
    readonly discussion?: string
    resolved?: boolean
  }[]
  readonly users: Map<string, number>
  /** Access levels of members by number: 30 may push. */
  readonly members: Map<number, number>
  readonly approvals: number[]
  /** Answer to the next requests instead of the right one. */
  fault:
    | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
    | undefined
}

/** Projects `group/sub/shop` of one server, with merge requests, statuses and notes; whatever else is asked is 404. */
export async function playGitlab(token: string): Promise<PlayedGitlab> {
  const server = createServer((request, response) => {
    void answer(played, token, request).then(({ status, body, headers = {} }) => {
      const text = JSON.stringify(body)
      const etag = `W/"${createHash('md5').update(text).digest('hex')}"`
      const same = request.method === 'GET' && status === 200 && request.headers['if-none-match'] === etag
      played.answered.push(same ? 304 : status)
      give(response, same ? 304 : status, same ? undefined : text, { etag, ...headers })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const played: PlayedGitlab = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{
      asked: [],
      answered: [],
      archived: false,
      closedBranch: undefined,
      requests: [],
      statuses: [],
      notes: [],
    },
    ...{ users: new Map([['grace', 1]]), members: new Map([[1, 40]]), approvals: [], fault: undefined },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return played
}

function give(
  response: ServerResponse,
  status: number,
  text: string | undefined,
  headers: Record<string, string>,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'ratelimit-remaining': '1999',
    ...headers,
  })
  response.end(text)
}

interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

const missing: Answer = { status: 404, body: { message: '404 Not found' } }
const path = 'group/sub/shop'

async function answer(played: PlayedGitlab, token: string, request: IncomingMessage): Promise<Answer> {
  const { method = 'GET', url = '/' } = request
  played.asked.push(`${method} ${url}`)
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const { fault } = played
  played.fault = undefined
  if (fault !== undefined) return fault
  if (request.headers['private-token'] !== token)
    return { status: 401, body: { message: '401 Unauthorized' } }
  const { pathname, searchParams: query } = new URL(url, 'http://localhost')
  const body = pieces.length === 0 ? {} : (JSON.parse(Buffer.concat(pieces).toString()) as Shape)
  if (pathname === '/api/v4/users') {
    const id = played.users.get(query.get('username') ?? '')
    return {
      status: 200,
      body: id === undefined ? [] : [{ id, username: query.get('username'), state: 'active' }],
    }
  }
  const below = `/api/v4/projects/${encodeURIComponent(path)}`
  return pathname.startsWith(below)
    ? project(played, method, pathname.slice(below.length), query, body)
    : missing
}

function project(
  played: PlayedGitlab,
  method: string,
  below: string,
  query: URLSearchParams,
  body: Shape,
): Answer {
  const [, what = '', first = '', second = '', third = ''] = below.split('/').map(decodeURIComponent)
  if (below === '') return { status: 200, body: shown(played) }
  if (what === 'repository' && first === 'branches') {
    const isClosed = played.closedBranch === second
    return { status: 200, body: { name: second, protected: isClosed, can_push: !isClosed, default: true } }
  }
  if (what === 'repository' && first === 'commits') {
    if (below.endsWith('/signature')) return { status: 404, body: { message: '404 Signature Not Found' } }
    const found = played.statuses.filter(({ sha }) => sha === second)
    return {
      status: 200,
      body: found.map((one, id) => ({ id, ...one, ref: 'x', description: null, allow_failure: false })),
    }
  }
  if (what === 'statuses' && method === 'POST') {
    played.statuses.push({ sha: first, name: String(body.name), status: String(body.state) })
    return { status: 201, body: { id: 1, sha: first, name: body.name, status: body.state } }
  }
  if (what === 'members') {
    const level = played.members.get(Number(second))
    return level === undefined ? missing : { status: 200, body: { id: Number(second), access_level: level } }
  }
  return what === 'merge_requests'
    ? mergeRequests(played, method, [first, second, third], query, body)
    : missing
}

function shown({ archived }: PlayedGitlab): Shape {
  const access = { project_access: { access_level: 40, notification_level: 3 }, group_access: null }
  return { id: 7, path_with_namespace: path, default_branch: 'main', archived, permissions: access }
}

function mergeRequests(
  played: PlayedGitlab,
  method: string,
  [iid, more, third]: readonly string[],
  query: URLSearchParams,
  body: Shape,
): Answer {
  const { requests } = played
  if (iid === '' && method === 'GET') {
    const branch = query.get('source_branch')
    const open = requests.filter(
      (one) => one.state === 'opened' && (branch === null || one.source_branch === branch),
    )
    return { status: 200, body: open }
  }
  if (iid === '') {
    const again = requests.some((one) => one.state === 'opened' && one.source_branch === body.source_branch)
    if (again)
      return {
        status: 409,
        body: { message: ['Another open merge request already exists for this source branch: !1'] },
      }
    const made = {
      ...{
        iid: requests.length + 1,
        web_url: `https://gitlab.example.com/${path}/-/merge_requests/${requests.length + 1}`,
      },
      ...{
        state: 'opened',
        sha: 'a'.repeat(40),
        draft: String(body.title).startsWith('Draft: '),
        has_conflicts: false,
      },
      ...{ author: { id: 1, username: 'grace' }, references: { full: `${path}!1` }, ...body },
    }
    requests.push(made)
    return { status: 201, body: made }
  }
  const found = requests.find((one) => one.iid === Number(iid))
  if (found === undefined) return missing
  if (more === '' && method === 'PUT') {
    if (body.state_event !== 'close') return { status: 400, body: { error: 'state_event is invalid' } }
    found.state = 'closed'
    return { status: 200, body: found }
  }
  if (more === 'approvals')
    return {
      status: 200,
      body: { approved: true, approved_by: played.approvals.map((id) => ({ user: { id } })) },
    }
  if (more === 'discussions') return discussions(played, method, Number(iid), third, body)
  if (more !== 'notes') return { status: 200, body: found }
  if (method === 'POST') {
    played.notes.push({ iid: Number(iid), author: 1, body: String(body.body) })
    return { status: 201, body: { id: 1, body: body.body } }
  }
  const notes = played.notes.filter((note) => note.iid === Number(iid))
  return {
    status: 200,
    body: notes.map(({ author, body: text }, id) => ({
      id,
      body: text,
      system: false,
      author: { id: author },
    })),
  }
}

/** The name of the discussion that a note begins. */
function discussionOf(at: number): string {
  return String(at + 1).padStart(40, '0')
}

function discussions(
  { notes }: PlayedGitlab,
  method: string,
  iid: number,
  third: string | undefined,
  body: Shape,
): Answer {
  const ids = notes.map((note, at) => note.discussion ?? discussionOf(at))
  if (method === 'POST') {
    if (third === undefined || !ids.includes(third)) return missing
    notes.push({ iid, author: 1, body: String(body.body), discussion: third })
    return { status: 201, body: { id: notes.length, body: body.body } }
  }
  const found = [...new Set(ids)].map((id) => ({
    ...{ id, individual_note: false },
    notes: notes.flatMap((note, at) =>
      ids[at] === id && note.iid === iid
        ? [
            {
              ...{ id: at + 1, type: 'DiscussionNote', body: note.body, system: false },
              ...{ author: { id: note.author }, resolvable: true, resolved: note.resolved === true },
            },
          ]
        : [],
    ),
  }))
  return { status: 200, body: found.filter((one) => one.notes.length > 0) }
}
