import { setTimeout as delay } from 'node:timers/promises'
import Anthropic from '@anthropic-ai/sdk'
import pRetry from 'p-retry'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { awaitTurn, type Pace } from './pace.ts'

/** A failed call: whether to try again, when, and why, without any text of the server's. */
class CallProblem extends Error {
  readonly retry: boolean
  readonly retryAfterMs: number | undefined
  constructor(reason: string, retry: boolean, retryAfterMs?: number) {
    super(reason)
    this.retry = retry
    this.retryAfterMs = retryAfterMs
  }
}

export interface AskOptions {
  readonly client: Anthropic
  readonly retries: number
  /** First delay of the back-off; doubles with each retry, with jitter. */
  readonly retryDelayMs: number
  readonly signal: AbortSignal
  readonly redact: (text: string) => string
  readonly onRetry: (reason: string, delayMs: number) => void
  /** Shared with other sessions; nobody else is waited for where undefined. */
  readonly pace: Pace | undefined
  /** Told of tokens that a failed try used all the same. */
  readonly onWasted: (usage: Anthropic.Usage) => void
}

type Parameters = Omit<Anthropic.MessageCreateParamsNonStreaming, 'stream'>

/** Longest a `retry-after` of the server is obeyed. */
const longestDelayMs = 60_000

function retryAfterMs(headers: Headers | undefined): number | undefined {
  const precise = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(precise)) return precise
  const after = headers?.get('retry-after')
  if (after == null) return undefined
  const seconds = Number(after)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** Codes that the HTTP client gives a connection that was silent for too long. */
const silence = new Set(['UND_ERR_BODY_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'])

function wasSilent(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && silence.has(String(error.code))) || wasSilent(error.cause)
}

/** A failure of our own, however deep the SDK has wrapped it. */
function ownFailure(error: unknown): DrydockError | undefined {
  if (error instanceof DrydockError || !(error instanceof Error))
    return error instanceof DrydockError ? error : undefined
  return ownFailure(error.cause)
}

/** What a proxy in between says in its own form. */
function plainMessage(body: unknown): string | undefined {
  const message: unknown = typeof body === 'object' && body !== null && 'message' in body ? body.message : ''
  return typeof message === 'string' && message !== '' ? message : undefined
}

function problemOf(error: unknown, redact: (text: string) => string): CallProblem | DrydockError {
  const own = ownFailure(error)
  if (own !== undefined) return own
  if (error instanceof CallProblem) return error
  if (wasSilent(error)) return new CallProblem('the server went silent', true)
  if (error instanceof Anthropic.APIConnectionError) return new CallProblem('the connection failed', true)
  if (error instanceof Anthropic.APIError) {
    const { status, type } = error as { status: number | undefined; type: string | null }
    const words = error.apiMessage ?? plainMessage(error.error)
    const said = [`${status ?? 'stream'} ${type ?? 'error'}`, ...(words === undefined ? [] : [words])]
    const busy = status === undefined || status === 408 || status === 409 || status === 429 || status >= 500
    const told = error.headers?.get('x-should-retry')
    return new CallProblem(
      redact(said.join(': ')).slice(0, 300),
      told == null ? busy : told === 'true',
      retryAfterMs(error.headers),
    )
  }
  return new CallProblem('the answer broke off or was malformed', true)
}

/** Tool inputs arrive in pieces of JSON; the SDK is lenient about a broken one, this is not. */
function watchToolInputs(stream: ReturnType<Anthropic['messages']['stream']>): () => void {
  const inputs = new Map<number, string>()
  stream.on('streamEvent', (event: Anthropic.MessageStreamEvent) => {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') return
    inputs.set(event.index, (inputs.get(event.index) ?? '') + event.delta.partial_json)
  })
  return () => {
    for (const json of inputs.values()) if (json !== '') JSON.parse(json)
  }
}

async function askOnce(parameters: Parameters, options: AskOptions): Promise<Anthropic.Message> {
  if (options.pace !== undefined) await awaitTurn(options.pace, options.signal, options.onRetry)
  const stream = options.client.messages.stream(parameters, { signal: options.signal })
  const checkInputs = watchToolInputs(stream)
  let begun: Anthropic.Message | undefined
  stream.on('streamEvent', (_event, snapshot) => {
    begun = snapshot
  })
  try {
    const message = await stream.finalMessage()
    checkInputs()
    if (message.stop_reason === null) throw new CallProblem('the answer broke off', true)
    return message
  } catch (error) {
    if (begun !== undefined) options.onWasted(begun.usage)
    if (options.signal.aborted) throw error
    throw problemOf(error, options.redact)
  }
}

function delayFor(problem: CallProblem, tried: number, firstMs: number): number {
  const backOff = firstMs * 2 ** (tried - 1) * (0.75 + Math.random() / 2)
  return Math.min(longestDelayMs, Math.max(problem.retryAfterMs ?? 0, Math.min(backOff, 8_000)))
}

/**
 * One answer of the model, streamed from the server, with retries where a retry can help. Throws `model-refused`,
 * `model-unavailable`, or the signal's reason.
 */
export async function ask(parameters: Parameters, options: AskOptions): Promise<Anthropic.Message> {
  try {
    return await pRetry(() => askOnce(parameters, options), {
      retries: options.retries,
      minTimeout: 0,
      maxTimeout: 0,
      signal: options.signal,
      async shouldRetry({ error, attemptNumber }) {
        if (!(error instanceof CallProblem) || !error.retry) return false
        const ms = Math.round(delayFor(error, attemptNumber, options.retryDelayMs))
        options.onRetry(error.message, ms)
        // What the server told one of them, all who ask it are told.
        if (error.retryAfterMs !== undefined) await options.pace?.hold(ms)
        await delay(ms, undefined, { signal: options.signal })
        return true
      },
    })
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason
    if (!(error instanceof CallProblem)) throw error
    throw error.retry ? failures.modelUnavailable(error.message) : failures.modelRefused(error.message)
  }
}
