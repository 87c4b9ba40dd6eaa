import { Agent } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import fetch from 'make-fetch-happen'
import getAuth from 'npm-registry-fetch/lib/auth.js'
import { isDiskFull } from '../log/files.ts'
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
  readonly body: Buffer
}

/** Requests to configured upstreams only, with the host's credentials, certificates and proxy. */
export type Remote = (url: string, request: RemoteRequest) => Promise<RemoteAnswer>

type FetchOptions = fetch.FetchOptions & { signal?: AbortSignal }

/** `besides` admits addresses that are no upstream's; nothing but what is meant for their host goes there. */
export function createRemote(
  upstreams: readonly Upstream[],
  connection: Connection,
  besides: (url: string) => boolean = () => false,
): Remote {
  const origins = new Map(upstreams.map((upstream) => [new URL(upstream.url).origin, upstream]))
  const agents = new Map<string, Agent>()
  return async (url, request) => {
    let next = url
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const upstream = origins.get(new URL(next).origin) ?? (besides(next) ? strange(next) : undefined)
      if (upstream === undefined) throw refusals.redirect(new URL(next).host)
      const response = await send(next, upstream, connection, agents, request)
      const location = redirectTarget(response, next)
      if (location === undefined) return await collect(response, next, request)
      next = location
    }
    throw refusals.redirect(new URL(next).host)
  }
}

function strange(url: string): Upstream {
  return { name: 'source', url: `${new URL(url).origin}/`, ecosystem: 'npm', headers: {} }
}

type FetchResponse = Awaited<ReturnType<typeof fetch>>

async function send(
  url: string,
  upstream: Upstream,
  connection: Connection,
  agents: Map<string, Agent>,
  request: RemoteRequest,
): Promise<FetchResponse> {
  const auth = getAuth(url, { ...connection.credentials, registry: upstream.url })
  const headers: Record<string, string> = { 'user-agent': connection.userAgent, ...upstream.headers }
  if (request.accept !== undefined) headers.accept = request.accept
  if (auth.token !== null) headers.authorization = `Bearer ${auth.token}`
  else if (auth.auth !== null) headers.authorization = `Basic ${auth.auth}`
  const options: FetchOptions = {
    ...transport(connection, auth, agents, url),
    method: request.method ?? 'GET',
    headers,
    redirect: 'manual',
    ...(request.cacheDir === undefined ? {} : { cachePath: request.cacheDir }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  }
  try {
    return await fetch(url, options)
  } catch (error) {
    throw unreachable(error, url, request)
  }
}

function transport(
  connection: Connection,
  auth: ReturnType<typeof getAuth>,
  agents: Map<string, Agent>,
  url: string,
): FetchOptions {
  const { ca, proxy, noProxy, localAddress } = connection
  const cert = auth.cert ?? connection.cert
  const key = auth.key ?? connection.key
  const identity = { ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }
  const trust = { ...(ca === undefined ? {} : { ca: [...ca] }), ...identity }
  const common = {
    strictSSL: connection.strictSsl,
    timeout: connection.timeoutMs,
    maxSockets,
    retry: { retries: connection.retries, minTimeout: connection.minRetryDelayMs },
  }
  if (proxy === undefined && url.startsWith('https:')) {
    return { ...common, agent: directAgent(connection, trust, agents) }
  }
  return {
    ...common,
    ...trust,
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    ...(localAddress === undefined ? {} : { localAddress }),
  }
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

async function collect(response: FetchResponse, url: string, request: RemoteRequest): Promise<RemoteAnswer> {
  const body = await readAtMost(response.body, request.maxBytes).catch((error: unknown) => {
    throw unreachable(error, url, request)
  })
  if (body === undefined) throw refusals.tooLarge(new URL(url).pathname, request.maxBytes)
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? 'application/octet-stream',
    body,
  }
}

/** Undefined where there is more; the connection is then dropped. */
async function readAtMost(body: NodeJS.ReadableStream | null, maxBytes: number): Promise<Buffer | undefined> {
  if (body === null) return Buffer.alloc(0)
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    body.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) return void chunks.push(chunk)
      resolve(undefined)
      ;(body as NodeJS.ReadableStream & { destroy(): void }).destroy()
    })
    body.on('end', () => resolve(Buffer.concat(chunks, size)))
    body.on('error', reject)
  })
}

function unreachable(error: unknown, url: string, request: RemoteRequest): unknown {
  if (!(error instanceof Error) || error instanceof Refusal || request.signal?.aborted === true) return error
  // The cache of its answers lies on a disk of this machine.
  if (isDiskFull(error)) return error
  const { code } = error as { code?: unknown }
  return refusals.unreachable(new URL(url).host, typeof code === 'string' ? code : error.message)
}
