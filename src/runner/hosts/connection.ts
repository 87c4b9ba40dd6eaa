import { setTimeout as pause } from 'node:timers/promises'
import pRetry from 'p-retry'
import type { HostTrouble } from '../../contract/hostTrouble.ts'
import { HostRefusal } from './host.ts'

/** How a host's interface is reached. */
export interface HostConnection {
  readonly token: string
  /** For proxies and certificates of the host. */
  readonly fetch?: typeof fetch
  readonly signal?: AbortSignal
  /** Longest wait for an answer, ms. */
  readonly silentMs?: number
  /** Told what it waits for. */
  readonly progress?: (message: string) => void
  readonly clock?: Clock
}

export interface Clock {
  now(): number
  /** Rejects where the signal fires first. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>
}

export interface Limited {
  /** How long to wait before the same request, ms. */
  readonly waitMs: number
  readonly trouble: HostTrouble
}

/** How a host says that it has had enough for now; undefined where it does not. */
export type ReadLimit = (answer: Response, text: string, now: number) => Limited | undefined

const silentMsByDefault = 60_000
const maxAnswerBytes = 8 * 1024 * 1024
/** A wait beyond this is left to the person. */
const longestWaitMs = 15 * 60_000
const mostTries = 4
/** Between tries of a host that is out of order, ms; it doubles. */
const breathMs = 1_000

const realClock: Clock = {
  now: () => Date.now(),
  wait: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
}

/** A try that may be followed by another after `waitMs`. */
class Again extends Error {
  readonly waitMs: number
  readonly answer: Response
  readonly why: string

  constructor(answer: Response, waitMs: number, why: string) {
    super(why)
    this.answer = answer
    this.waitMs = waitMs
    this.why = why
  }
}

/**
 * A `fetch` that a host can be asked with: an answer that does not end is given up, limits are waited for, a
 * reading request is tried again where the host is out of order, redirections stay at the host. An answer that
 * says no is an answer. Throws `HostRefusal` where a limit lasts too long or a redirection leads elsewhere.
 */
export function hostFetch(name: string, connection: HostConnection, readLimit: ReadLimit): typeof fetch {
  const { clock = realClock, signal, progress = () => {} } = connection
  return async (input, init) => {
    let tries = 0
    const once = async (): Promise<Response> => {
      tries += 1
      const answer = await redirected(name, connection, input, init)
      const text = await answer.clone().text()
      const limited = readLimit(answer, text, clock.now())
      if (limited !== undefined) {
        const { waitMs, trouble } = limited
        if (waitMs > longestWaitMs || tries >= mostTries) throw new HostRefusal(trouble)
        throw new Again(answer, waitMs, `${name}'s rate limit`)
      }
      const reads = (init?.method ?? 'GET').toUpperCase() === 'GET'
      if (answer.status >= 500 && reads)
        throw new Again(answer, breathMs * 2 ** (tries - 1), `${name}, which answered ${answer.status}`)
      return answer
    }
    try {
      return await pRetry(once, {
        ...{ retries: mostTries - 1, minTimeout: 0, maxTimeout: 0 },
        ...(signal === undefined ? {} : { signal }),
        shouldRetry: ({ error }) => error instanceof Again,
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (!(error instanceof Again) || retriesLeft === 0) return
          progress(`waiting ${Math.ceil(error.waitMs / 1000)} s for ${error.why}`)
          await clock.wait(error.waitMs, signal)
        },
      })
    } catch (error) {
      if (error instanceof Again) return error.answer
      throw error
    }
  }
}

const mostRedirections = 3

/** The same request at the place that the host names: a renamed repository answers every method so. */
async function redirected(
  name: string,
  connection: HostConnection,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  let url = new URL(input instanceof Request ? input.url : String(input))
  for (let count = 0; ; count += 1) {
    const answer = await bounded(connection, url, init)
    const location = [301, 302, 307, 308].includes(answer.status) ? answer.headers.get('location') : null
    if (location === null || !URL.canParse(location, url.href)) return answer
    const next = new URL(location, url)
    if (next.origin !== url.origin || count >= mostRedirections) {
      throw new HostRefusal({ kind: 'moved', host: name, said: next.host })
    }
    url = next
  }
}

/** A server that does not come to an end of its answer is given up; a person who cancels does not wait for one. */
async function bounded(
  { fetch: ask = globalThis.fetch, signal, silentMs = silentMsByDefault }: HostConnection,
  url: URL,
  init: RequestInit | undefined,
): Promise<Response> {
  const patience = AbortSignal.timeout(silentMs)
  const either = signal === undefined ? patience : AbortSignal.any([signal, patience])
  const answer = await ask(url, { ...init, redirect: 'manual', signal: either })
  const { status, statusText, headers } = answer
  // Read here, because what broke off would be taken for an empty answer.
  const bytes = await bytesOf(answer)
  const noBody = [204, 205, 304].includes(status)
  return new Response(noBody ? null : bytes, { status, statusText, headers })
}

async function bytesOf({ body }: Response): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let seen = 0
  for await (const chunk of body ?? []) {
    seen += chunk.byteLength
    if (seen > maxAnswerBytes) throw new Error('its answer is too large')
    chunks.push(chunk)
  }
  return seen === 0 ? null : Buffer.concat(chunks)
}

/** What never became an answer. */
export function notAnswered(name: string, error: unknown, connection: HostConnection): HostTrouble {
  const { silentMs = silentMsByDefault, token } = connection
  if (wasSilent(error)) return { kind: 'silent', host: name, said: `within ${Math.ceil(silentMs / 1000)} s` }
  const said = error instanceof Error ? firstLine(error.message.replaceAll(token, '[redacted]')) : ''
  return { kind: 'unreachable', host: name, said }
}

/** The refusal somewhere below what a client library made of it. */
export function refusalIn(error: unknown): HostRefusal | undefined {
  if (error instanceof HostRefusal) return error
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined
}

export function firstLine(text: string): string {
  return ((text.split(/ - https?:/)[0] ?? '').split('\n')[0] ?? '').slice(0, 300)
}

function wasSilent(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || wasSilent(error.cause))
}
