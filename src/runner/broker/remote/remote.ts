import { type Readable, Transform } from 'node:stream'
import getAuth from 'npm-registry-fetch/lib/auth.js'
import { isDiskFull } from '../../../store/files.ts'
import { Refusal, refusals } from '../refusal.ts'
import type { Connection, Upstream } from '../upstream.ts'
import type { Answer, Identity } from './answer.ts'
import { createCached } from './cached.ts'
import { createDirect } from './direct.ts'

const maxRedirects = 5

export interface RemoteRequest {
  readonly method?: 'GET' | 'HEAD'
  readonly accept?: string
  /** Bytes, after decompression. */
  readonly maxBytes: number
  /** HTTP cache (etags, max-age) for answers that change. */
  readonly cacheDir?: string
  readonly signal?: AbortSignal
}

export interface RemoteAnswer {
  readonly status: number
  readonly contentType: string
  /** As it was said: a date of HTTP, or anything. */
  readonly lastModified?: string
  readonly body: Buffer
}

/** An answer that is read as it comes. */
export interface RemoteFile {
  readonly status: number
  readonly contentType: string
  /** Ends in a `Refusal` where it breaks off or is larger than was asked for; nothing where the status is not 200. */
  readonly body: Readable
}

/** Requests to configured upstreams only, with the host's credentials, certificates and proxy. */
export interface Remote {
  (url: string, request: RemoteRequest): Promise<RemoteAnswer>
  open(url: string, request: RemoteRequest): Promise<RemoteFile>
}

/** `besides` admits addresses that are no upstream's; nothing but what is meant for their host goes there. */
export function createRemote(
  upstreams: readonly Upstream[],
  connection: Connection,
  besides: (url: string) => boolean = () => false,
): Remote {
  const origins = new Map(upstreams.map((upstream) => [new URL(upstream.url).origin, upstream]))
  const clients = { connection, direct: createDirect(connection), cached: createCached(connection) }
  const ask = async (url: string, request: RemoteRequest): Promise<Asked> => {
    let next = url
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const upstream = origins.get(new URL(next).origin) ?? (besides(next) ? strange(next) : undefined)
      if (upstream === undefined) throw refusals.redirect(new URL(next).host)
      const answer = await send(next, upstream, clients, request)
      const location = redirectTarget(answer, next)
      if (location === undefined) return { answer, url: next }
      answer.end()
      next = location
    }
    throw refusals.redirect(new URL(next).host)
  }
  const whole = async (url: string, request: RemoteRequest): Promise<RemoteAnswer> => {
    const asked = await ask(url, request)
    return { ...headOf(asked), body: Buffer.concat(await bodyOf(asked, request).toArray()) }
  }
  const open = async (url: string, request: RemoteRequest): Promise<RemoteFile> => {
    const asked = await ask(url, request)
    const body = bodyOf(asked, request)
    // What a registry says of its refusals, nobody reads.
    if (asked.answer.status !== 200) body.destroy()
    return { ...headOf(asked), body }
  }
  return Object.assign(whole, { open })
}

interface Asked {
  readonly answer: Answer
  /** Where the answer came from, after redirects. */
  readonly url: string
}

function strange(url: string): Upstream {
  return { name: 'source', url: `${new URL(url).origin}/`, headers: {} }
}

interface Clients {
  readonly connection: Connection
  readonly direct: ReturnType<typeof createDirect>
  readonly cached: ReturnType<typeof createCached>
}

async function send(
  url: string,
  upstream: Upstream,
  { connection, direct, cached }: Clients,
  request: RemoteRequest,
): Promise<Answer> {
  const auth = getAuth(url, { ...connection.credentials, registry: upstream.url })
  const headers: Record<string, string> = { 'user-agent': connection.userAgent, ...upstream.headers }
  if (request.accept !== undefined) headers.accept = request.accept
  if (auth.token !== null) headers.authorization = `Bearer ${auth.token}`
  else if (auth.auth !== null) headers.authorization = `Basic ${auth.auth}`
  const { method = 'GET', maxBytes, cacheDir, signal } = request
  const question = {
    ...{ method, headers, maxBytes, tooLarge: () => tooLarge(url, request) },
    ...(signal === undefined ? {} : { signal }),
  }
  const identity = identityOf(connection, auth)
  try {
    return cacheDir === undefined && connection.proxy === undefined
      ? await direct(url, identity, question)
      : await cached(url, identity, question, cacheDir)
  } catch (error) {
    throw unreachable(error, url, request)
  }
}

function identityOf({ ca, ...own }: Connection, auth: ReturnType<typeof getAuth>): Identity {
  const cert = auth.cert ?? own.cert
  const key = auth.key ?? own.key
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

function redirectTarget(answer: Answer, from: string): string | undefined {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return undefined
  const location = answer.header('location')
  return location === undefined ? undefined : new URL(location, from).href
}

function headOf({ answer }: Asked): Omit<RemoteAnswer, 'body'> {
  const contentType = answer.header('content-type') ?? 'application/octet-stream'
  const lastModified = answer.header('last-modified')
  return { status: answer.status, contentType, ...(lastModified === undefined ? {} : { lastModified }) }
}

/** Whoever reads it learns of everything that goes wrong, and where nobody does, nothing comes of it. */
function bodyOf({ answer, url }: Asked, request: RemoteRequest): Readable {
  let size = 0
  const bounded = new Transform({
    transform(chunk: Buffer, _, done) {
      answer.taken(chunk.length)
      size += chunk.length
      if (size <= request.maxBytes) done(null, chunk)
      else done(tooLarge(url, request))
    },
  })
  bounded.on('error', () => {})
  answer.body.on('error', (error) => bounded.destroy(unreachable(error, url, request)))
  bounded.on('close', () => answer.end())
  answer.body.pipe(bounded)
  return bounded
}

function tooLarge(url: string, { maxBytes }: RemoteRequest): Refusal {
  return refusals.tooLarge(new URL(url).pathname, maxBytes)
}

function unreachable(error: unknown, url: string, request: RemoteRequest): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof Refusal || request.signal?.aborted === true) return error
  // The cache of its answers lies on a disk of this machine.
  if (isDiskFull(error)) return error
  const { code } = error as { code?: unknown }
  const why = typeof code === 'string' ? (inWords[code] ?? code) : error.message
  return refusals.unreachable(new URL(url).host, why)
}

/** What undici's own codes say. */
const inWords: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped on its way',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer broke off',
}
