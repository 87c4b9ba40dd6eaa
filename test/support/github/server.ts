import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Described, type Description, readDescription } from './description.ts'
import { queried } from './graphql.ts'
import { lists } from './lists.ts'
import { type Answer, notFound, operations } from './operations.ts'
import { type Shapes, shapes } from './shapes.ts'
import { newWorld, repositoryOf, type World } from './world.ts'

export interface GithubOptions {
  readonly token: string
  /** Bare repositories `owner/name.git`, in which branches are looked up. */
  readonly root: string
  /** Account of the token. */
  readonly login?: string
  /** Read once for all servers of a process; it is large. */
  readonly description?: Description
}

/** What happens instead of the answer to a request, counted from 1; undefined lets it be answered. */
export type Fault = (
  number: number,
  request: { readonly method: string; readonly path: string },
) => Answer | 'lost' | 'answer lost' | undefined

export interface PlayedGithub {
  readonly server: Server
  readonly world: World
  /** `METHOD path`, in order. */
  readonly asked: string[]
  /** Status of each answer, in order. */
  readonly answered: number[]
  /** What GitHub's own description refuses of requests or of the stand-in's answers. */
  readonly refused: string[]
  fault: Fault
}

/**
 * GitHub's interface for what a pull request needs, with state. Every request and every answer is compared with GitHub's
 * own description; what that refuses is recorded, told on standard error, and answered with 500.
 */
export function githubServer(options: GithubOptions): PlayedGithub {
  const { description = readDescription() } = options
  const world = newWorld(options.root, options.login)
  const address = (): string => `http://localhost`
  const played: PlayedGithub = {
    server: createServer((request, response) => {
      answer(
        { options, description, played, shapes: shapes(world, description, address) },
        request,
        response,
      ).catch((error: unknown) => {
        refuse(played, String(error))
        send(response, { status: 500, body: { message: String(error) } })
      })
    }),
    ...{ world, asked: [], answered: [], refused: [], fault: () => undefined },
  }
  return played
}

interface Standing {
  readonly options: GithubOptions
  readonly description: Description
  readonly played: PlayedGithub
  readonly shapes: Shapes
}

async function answer(standing: Standing, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { played } = standing
  const { method = 'GET', url = '/' } = request
  const body = await readJson(request)
  played.asked.push(`${method} ${url}`)
  const fault = played.fault(played.asked.length, { method, path: url })
  if (fault === 'lost') return void request.socket.destroy()
  if (typeof fault === 'object') return send(response, fault)
  if (url.startsWith('/signed-logs/')) return signedLog(played, request, response)
  const found = await serve(standing, request, body)
  if (fault === 'answer lost') return void request.socket.destroy()
  const etag = `W/"${createHash('sha256')
    .update(JSON.stringify(found.body ?? null))
    .digest('hex')}"`
  const same = method === 'GET' && found.status === 200 && request.headers['if-none-match'] === etag
  played.answered.push(same ? 304 : found.status)
  send(
    response,
    same ? { status: 304, headers: { etag } } : { ...found, headers: { etag, ...found.headers } },
  )
}

/** The place of a log is told apart by its address alone: a token that comes along went too far. */
function signedLog(played: PlayedGithub, { url = '', headers }: IncomingMessage, response: ServerResponse) {
  const [, , repository, job] = url.split('/')
  const at = played.world.repositories.find(({ id }) => id === Number(repository))
  const log = at?.checks[Number(job) - 1]?.log
  if (headers.authorization !== undefined) refuse(played, 'the token was sent to the place of a log')
  response.writeHead(log === undefined ? 404 : 200, { 'content-type': 'text/plain' })
  response.end(log)
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const limits = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': '1893456000',
  }
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3',
    ...limits,
    ...headers,
  })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

function refuse(played: PlayedGithub, why: string): void {
  played.refused.push(why)
  process.stderr.write(`GitHub's description refuses: ${why}\n`)
}

const said = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
})

async function serve(standing: Standing, request: IncomingMessage, body: unknown): Promise<Answer> {
  const { options, description, played } = standing
  const { method = 'GET', headers } = request
  if (headers['user-agent'] === undefined)
    return said(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    )
  if (headers['x-github-api-version'] !== '2022-11-28')
    return refuseWith(played, `${method} ${request.url}: no known x-github-api-version`)
  const given = /^(?:token|Bearer) (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (given !== options.token) return said(401, 'Bad credentials')
  // By the address that was asked: another server may stand before this one.
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`)
  if (method === 'POST' && url.pathname === '/graphql') {
    const { refused, body: found } = await queried(played.world, body)
    return refused.length > 0
      ? refuseWith(played, `GraphQL: ${refused.join('; ')}`)
      : { status: 200, body: found }
  }
  const path = byId(played.world, url.pathname)
  const described = description.find(method, path)
  if (described === undefined) return refuseWith(played, `${method} ${path}: there is no such operation`)
  const wrong = described.refuses(url.searchParams, body)
  if (wrong.length > 0) return refuseWith(played, `${described.id}: ${wrong.join('; ')}`)
  const found = await operate(standing, described, path, url, body)
  const wrongAnswer = described.refusesAnswer(found.status, found.body)
  return wrongAnswer.length > 0
    ? refuseWith(played, `the answer to ${described.id}: ${wrongAnswer.join('; ')}`)
    : found
}

function refuseWith(played: PlayedGithub, why: string): Answer {
  refuse(played, why)
  return said(500, why)
}

async function operate(
  { played: { world }, shapes }: Standing,
  { id, path }: Described,
  pathname: string,
  url: URL,
  body: unknown,
): Promise<Answer> {
  const { owner = '', repo = '' } = path
  const list = lists[id]
  if (list !== undefined) return list(world, shapes, path, url.searchParams)
  const moved = world.formerly.get(`${owner}/${repo}`)
  if (moved !== undefined) {
    const rest = pathname.split('/').slice(4).join('/')
    const location = `/repositories/${moved.id}${rest === '' ? '' : `/${rest}`}${url.search}`
    return {
      status: 301,
      body: {
        message: 'Moved Permanently',
        url: location,
        documentation_url: 'https://docs.github.com/rest',
      },
      headers: { location },
    }
  }
  const at = await repositoryOf(world, owner, repo)
  const operation = operations[id]
  if (at === undefined) return notFound
  if (operation === undefined) throw new Error(`the stand-in does not play ${id}`)
  return operation({
    world,
    shapes,
    at,
    path,
    address: url.origin,
    query: url.searchParams,
    body: (body ?? {}) as Record<string, unknown>,
  })
}

/** A renamed repository is redirected to by its number. */
function byId({ repositories }: World, pathname: string): string {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(pathname) ?? []
  const at = id === undefined ? undefined : repositories.find((one) => one.id === Number(id))
  return at === undefined ? pathname : `/repos/${at.owner}/${at.name}${rest}`
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  if (pieces.length === 0) return undefined
  return JSON.parse(Buffer.concat(pieces).toString('utf8'))
}
