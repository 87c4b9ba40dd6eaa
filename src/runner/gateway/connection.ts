import tls from 'node:tls'
import Anthropic from '@anthropic-ai/sdk'
import { EnvHttpProxyAgent, Response, fetch as undiciFetch } from 'undici'
import { failures } from '../../contract/failures.ts'

/** How the model's server is reached. Read from the environment by the composition root, held in memory only. */
export interface ModelConnection {
  /** `ANTHROPIC_API_KEY`; one of the two is needed. */
  readonly apiKey?: string
  /** `ANTHROPIC_AUTH_TOKEN`, sent as a bearer token. */
  readonly authToken?: string
  /** `ANTHROPIC_BASE_URL`. */
  readonly baseURL?: string
  /** Further certificate authorities, PEM, beside Node's own (`SSL_CERT_FILE`). */
  readonly ca?: readonly string[]
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly noProxy?: string }
}

export function secretsOf(connection: ModelConnection): readonly string[] {
  return [connection.apiKey, connection.authToken].filter((secret) => secret !== undefined)
}

/** Node's own authorities, those of NODE_EXTRA_CA_CERTS included where this Node can list them. */
function ownAuthorities(): readonly string[] {
  return 'getCACertificates' in tls
    ? tls.getCACertificates('default')
    : (tls as typeof import('node:tls')).rootCertificates
}

function openDispatcher({ proxy = {}, ca }: ModelConnection, idleMs: number): EnvHttpProxyAgent {
  const trust = ca === undefined ? {} : { ca: [...ownAuthorities(), ...ca] }
  return new EnvHttpProxyAgent({
    httpProxy: proxy.http ?? '',
    httpsProxy: proxy.https ?? '',
    noProxy: proxy.noProxy ?? '',
    headersTimeout: idleMs,
    bodyTimeout: idleMs,
    connect: trust,
    requestTls: trust,
    proxyTls: trust,
  })
}

/** What one answer of the model's server may have, bytes: some 60 times what the longest allowed one comes to as text. */
export const maxAnswerBytes = 16 * 1024 * 1024

/** The answer, which breaks off where it is too large: one that never ends would fill the memory. */
function boundedAnswer(answer: Response): Response {
  if (answer.body === null) return answer
  const { status, statusText, headers } = answer
  return new Response(bounded(answer.body), { status, statusText, headers })
}

async function* bounded(body: AsyncIterable<Uint8Array | undefined>): AsyncGenerator<Uint8Array> {
  let seen = 0
  for await (const chunk of body) {
    if (chunk === undefined) continue
    seen += chunk.byteLength
    if (seen > maxAnswerBytes) throw failures.modelAnswerTooLarge(maxAnswerBytes)
    yield chunk
  }
}

/** The SDK's client. Retries, logging and credentials of its own are off: the gateway decides all three. */
export function openClient(connection: ModelConnection, idleMs: number): Anthropic {
  const dispatcher = openDispatcher(connection, idleMs)
  // Node's own fetch refuses the dispatcher of another undici, so both come from the same package.
  const fetch = (async (input: string, init: object) =>
    boundedAnswer(await undiciFetch(input, { ...init, dispatcher }))) as unknown
  return new Anthropic({
    apiKey: connection.authToken === undefined ? (connection.apiKey ?? null) : null,
    authToken: connection.authToken ?? null,
    baseURL: connection.baseURL ?? 'https://api.anthropic.com',
    maxRetries: 0,
    logLevel: 'off',
    timeout: 3_600_000,
    fetch: fetch as typeof globalThis.fetch,
  })
}
