import type { Agent as HttpAgent } from 'node:http'
import { Agent } from 'node:https'
import { type Readable, Transform } from 'node:stream'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { getAgent } from '@npmcli/agent'
import fetch from 'make-fetch-happen'
import getAuth from 'npm-registry-fetch/lib/auth.js'
import { isDiskFull } from '../../store/files.ts'
import { type Pace, paced } from './pace.ts'
import { Refusal, refusals } from './refusal.ts'
import type { Connection, Upstream } from './upstream.ts'

const maxRedirects = 5
const maxSockets = 24

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

type FetchOptions = fetch.FetchOptions & { signal?: AbortSignal }

/** `besides` admits addresses that are no upstream's; nothing but what is meant for their host goes there. */
export function createRemote(
  upstreams: readonly Upstream[],
  connection: Connection,
  besides: (url: string) => boolean = () => false,
): Remote {
  const origins = new Map(upstreams.map((upstream) => [new URL(upstream.url).origin, upstream]))
  const agents = new Map<string, Agent>()
  const ask = async (url: string, request: RemoteRequest): Promise<Asked> => {
    let next = url
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const upstream = origins.get(new URL(next).origin) ?? (besides(next) ? strange(next) : undefined)
      if (upstream === undefined) throw refusals.redirect(new URL(next).host)
      const { response, pace } = await send(next, upstream, connection, agents, request)
      const location = redirectTarget(response, next)
      if (location === undefined) return { response, pace, url: next }
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
    if (asked.response.status !== 200) body.destroy()
    return { ...headOf(asked), body }
  }
  return Object.assign(whole, { open })
}

interface Sent {
  readonly response: FetchResponse
  readonly pace: Pace
}

interface Asked extends Sent {
  /** Where the answer came from, after redirects. */
  readonly url: string
}

function strange(url: string): Upstream {
  return { name: 'source', url: `${new URL(url).origin}/`, headers: {} }
}

type FetchResponse = Awaited<ReturnType<typeof fetch>>

async function send(
  url: string,
  upstream: Upstream,
  connection: Connection,
  agents: Map<string, Agent>,
  request: RemoteRequest,
): Promise<Sent> {
  const auth = getAuth(url, { ...connection.credentials, registry: upstream.url })
  const headers: Record<string, string> = { 'user-agent': connection.userAgent, ...upstream.headers }
  if (request.accept !== undefined) headers.accept = request.accept
  if (auth.token !== null) headers.authorization = `Bearer ${auth.token}`
  else if (auth.auth !== null) headers.authorization = `Basic ${auth.auth}`
  const agent = agentFor(connection, auth, agents, url)
  const pace = paced(agent, request.maxBytes, () => tooLarge(url, request))
  const options: FetchOptions = {
    agent: pace.agent,
    timeout: connection.timeoutMs,
    retry: { retries: connection.retries, minTimeout: connection.minRetryDelayMs },
    method: request.method ?? 'GET',
    headers,
    redirect: 'manual',
    ...(request.cacheDir === undefined ? {} : { cachePath: request.cacheDir }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }
  try {
    return { response: await fetch(url, options), pace }
  } catch (error) {
    throw unreachable(error, url, request)
  }
}

function agentFor(
  connection: Connection,
  auth: ReturnType<typeof getAuth>,
  agents: Map<string, Agent>,
  url: string,
): HttpAgent {
  const { ca, proxy, noProxy, localAddress } = connection
  const cert = auth.cert ?? connection.cert
  const key = auth.key ?? connection.key
  const identity = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }
  const trust = { ...(ca === undefined ? {} : { ca: [...ca] }), ...identity }
  if (proxy === undefined && url.startsWith('https:')) return directAgent(connection, trust, agents)
  return getAgent(url, {
    ...trust,
    ...{ rejectUnauthorized: connection.strictSsl, timeout: connection.timeoutMs, maxSockets },
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    ...(localAddress === undefined ? {} : { localAddress }),
  })
}

/** One agent an identity: reading hundreds of certificates anew for each connection took most of a listing's time. */
function directAgent(connection: Connection, trust: SecureContextOptions, agents: Map<string, Agent>): Agent {
  const known = JSON.stringify([trust.cert, trust.key])
  const { localAddress } = connection
  const agent =
    agents.get(known) ??
    new Agent({
      keepAlive: true,
      maxSockets,
      secureContext: createSecureContext(trust),
      rejectUnauthorized: connection.strictSsl,
      ...(localAddress === undefined ? {} : { localAddress }),
    })
  agents.set(known, agent)
  return agent
}

function redirectTarget(response: FetchResponse, from: string): string | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined
  const location = response.headers.get('location')
  return location === null ? undefined : new URL(location, from).href
}

function headOf({ response }: Asked): Omit<RemoteAnswer, 'body'> {
  const contentType = response.headers.get('content-type') ?? 'application/octet-stream'
  const lastModified = response.headers.get('last-modified')
  return { status: response.status, contentType, ...(lastModified === null ? {} : { lastModified }) }
}

type Body = NodeJS.ReadableStream & { destroy(): void }

/** Whoever reads it learns of everything that goes wrong, and where nobody does, nothing comes of it. */
function bodyOf({ response, pace, url }: Asked, request: RemoteRequest): Readable {
  let size = 0
  const bounded = new Transform({
    transform(chunk: Buffer, _, done) {
      pace.taken(chunk.length)
      size += chunk.length
      if (size <= request.maxBytes) done(null, chunk)
      else done(tooLarge(url, request))
    },
  })
  bounded.on('error', () => {})
  const body = response.body as Body | null
  if (body === null) return bounded.end()
  body.on('error', (error) => bounded.destroy(unreachable(error, url, request)))
  bounded.on('close', () => {
    pace.end()
    body.destroy()
  })
  body.pipe(bounded)
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
  return refusals.unreachable(new URL(url).host, typeof code === 'string' ? code : error.message)
}
