import type { Agent as HttpAgent } from 'node:http'
import { Agent } from 'node:https'
import { Readable } from 'node:stream'
import { createSecureContext } from 'node:tls'
import { getAgent } from '@npmcli/agent'
import fetch from 'make-fetch-happen'
import type { Connection } from '../upstream.ts'
import { type Answer, byIdentity, type Identity, maxSockets, type Question } from './answer.ts'
import { paced } from './pace.ts'

/** Asks through a cache of HTTP (etags, max-age) in `cacheDir`, where one is given, and through the host's proxy. */
export type Cached = (
  url: string,
  identity: Identity,
  question: Question,
  cacheDir?: string,
) => Promise<Answer>

type FetchOptions = fetch.FetchOptions & { signal?: AbortSignal }

export function createCached(connection: Connection): Cached {
  const directOf = byIdentity((identity) => openDirect(identity, connection))
  return async (url, identity, { method, headers, maxBytes, tooLarge, signal }, cacheDir) => {
    const pace = paced(agentFor(url, identity, connection, directOf), maxBytes, tooLarge)
    const options: FetchOptions = {
      agent: pace.agent,
      timeout: connection.timeoutMs,
      retry: { retries: connection.retries, minTimeout: connection.minRetryDelayMs },
      method,
      headers,
      redirect: 'manual',
      ...(cacheDir === undefined ? {} : { cachePath: cacheDir }),
      ...(signal === undefined ? {} : { signal }),
    }
    const { status, headers: answered, body } = await fetch(url, options)
    const stream = (body ?? Readable.from([])) as Body
    const end = (): void => {
      pace.end()
      stream.destroy()
    }
    return { status, header: (name) => answered.get(name) ?? undefined, body: stream, taken: pace.taken, end }
  }
}

type Body = NodeJS.ReadableStream & { destroy(): void }

function agentFor(
  url: string,
  identity: Identity,
  connection: Connection,
  directOf: (identity: Identity) => Agent,
): HttpAgent {
  const { proxy, noProxy, localAddress, strictSsl, timeoutMs } = connection
  if (proxy === undefined && url.startsWith('https:')) return directOf(identity)
  return getAgent(url, {
    ...identity,
    ...{ rejectUnauthorized: strictSsl, timeout: timeoutMs, maxSockets },
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    ...(localAddress === undefined ? {} : { localAddress }),
  })
}

function openDirect(identity: Identity, { localAddress, strictSsl }: Connection): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets,
    secureContext: createSecureContext(identity),
    rejectUnauthorized: strictSsl,
    ...(localAddress === undefined ? {} : { localAddress }),
  })
}
