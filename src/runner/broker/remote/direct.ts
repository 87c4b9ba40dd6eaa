import { pipeline, type Readable } from 'node:stream'
import { createSecureContext } from 'node:tls'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import pRetry from 'p-retry'
import { Agent, type Dispatcher, request } from 'undici'
import type { Connection } from '../upstream.ts'
import { type Answer, byIdentity, type Identity, maxSockets, type Question } from './answer.ts'

/** Asks without a cache and a proxy, for the many small files of an install. */
export type Direct = (url: string, identity: Identity, question: Question) => Promise<Answer>

/** How long a connection waits for the next request, ms. */
const keepAliveTimeout = 30_000

export function createDirect(connection: Connection): Direct {
  const agentOf = byIdentity((identity) => openAgent(identity, connection))
  return async (url, identity, { method, headers, signal }) => {
    const asked = await retried(connection, signal, () =>
      request(url, {
        method,
        // What is fetched is compressed as it is; some servers compress it once more where nothing is said.
        headers: { 'accept-encoding': 'identity', ...headers },
        dispatcher: agentOf(identity),
        ...(signal === undefined ? {} : { signal }),
      }),
    )
    const header = (name: string): string | undefined => [asked.headers[name]].flat()[0]
    const body = method === 'HEAD' ? asked.body : decompressed(asked.body, header('content-encoding'))
    const end = (): void => {
      // The little that is said of a refusal is read to its end, so that the connection serves the next request.
      if (asked.statusCode === 200) body.destroy()
      else asked.body.dump().catch(() => {})
    }
    return { status: asked.statusCode, header, body, taken() {}, end }
  }
}

function openAgent(identity: Identity, { localAddress, strictSsl, timeoutMs }: Connection): Agent {
  return new Agent({
    connections: maxSockets,
    keepAliveTimeout,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: {
      timeout: timeoutMs,
      secureContext: createSecureContext(identity),
      rejectUnauthorized: strictSsl,
      ...(localAddress === undefined ? {} : { localAddress }),
    },
  })
}

/** Answers of a server that says it may do better in a moment. */
const passing = (status: number): boolean => [408, 420, 429].includes(status) || status >= 500

/** The last answer, or error, once all tries are used. */
function retried(
  { retries, minRetryDelayMs }: Connection,
  signal: AbortSignal | undefined,
  ask: () => Promise<Dispatcher.ResponseData>,
): Promise<Dispatcher.ResponseData> {
  return pRetry(
    async (attempt) => {
      const answer = await ask()
      if (attempt > retries || !passing(answer.statusCode)) return answer
      await answer.body.dump()
      throw new Error(`status ${answer.statusCode}`)
    },
    { retries, minTimeout: minRetryDelayMs, ...(signal === undefined ? {} : { signal }) },
  )
}

const encodings: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

function decompressed(body: Readable, encoding = 'identity'): Readable {
  const decompress = encodings[encoding.toLowerCase()]
  // Errors are the reader's, who gets them of the last stream.
  return decompress === undefined ? body : (pipeline(body, decompress(), () => {}) as unknown as Readable)
}
