import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { EventBody } from '../../../src/contract/events.ts'
import { ContainerFrame, FrameError, readFrames } from '../../../src/contract/frames.ts'
import { createGateway } from '../../../src/runner/gateway/gateway.ts'
import type { GatewayRun } from '../../../src/runner/gateway/gatewayRun.ts'
import { type PlayedModel, startModel } from '../../support/model/server.ts'
import { type Case, inputOf, type Layer } from '../case.ts'
import { bytesOf } from '../words.ts'

const Input = z.looseObject({
  message: z.looseObject({ seq: z.unknown().optional(), rawBytes: z.string().optional() }),
  policy: z.looseObject({
    model: z.string(),
    maxTokensCap: z.int().positive(),
    maxTurns: z.int().positive().optional(),
  }),
  state: z.looseObject({ lastSeq: z.int().nonnegative().optional() }).default({}),
  upstream: z
    .looseObject({
      status: z.int(),
      body: z.unknown(),
      headers: z.record(z.string(), z.string()).default({}),
    })
    .optional(),
})
type Input = z.infer<typeof Input>

const key = 'sk-ant-CANARY-abcdef0123456789'
/** Furthest that a run is brought before a message comes; a sequence number beyond is out of order. */
const maxSeq = 1000
const never = new AbortController().signal
const maxMemoryGrowth = 200 * 1024 * 1024

/** Cases of the gateway, whose model is played by a server that answers at once, or as the case says. */
export async function openGateway(): Promise<Layer> {
  return { run: play, [Symbol.asyncDispose]: async () => {} }
}

async function play(one: Case): Promise<string | undefined> {
  const input = inputOf(Input, one)
  await using upstream = await openUpstream(input)
  const events: EventBody[] = []
  const gateway = createGateway({
    connection: { apiKey: key, baseURL: upstream.url },
    budget: budgetOf(input),
    emit: (event) => events.push(event),
    retries: 1,
    retryDelayMs: 1,
    idleMs: 500,
  })
  const { model, maxTokensCap, maxTurns = maxSeq } = input.policy
  const run = gateway.openRun({
    runId: 'r1',
    attempt: 1,
    model,
    system: 'You repair.',
    maxTurns,
    maxTokensCap,
    signal: never,
  })
  const before = await bring(run, input)
  const memory = process.memoryUsage().rss
  upstream.arm()
  const bytes =
    input.message.rawBytes === undefined
      ? Buffer.from(JSON.stringify(input.message))
      : bytesOf(input.message.rawBytes)
  const answer = await run.handle(bytes, never)
  const grown = process.memoryUsage().rss - memory - bytes.length
  const asked = upstream.model.requests.length - before
  if (JSON.stringify([answer, run.end, events]).includes('CANARY')) return 'a key is in what is handed on'
  if (grown > maxMemoryGrowth) return `memory grew by ${grown} bytes`
  if (one.expect === 'allow') return answer.status === 200 ? undefined : JSON.stringify(answer)
  if (one.expect === 'contain') return answer.status === 200 ? bounds(upstream.model) : undefined
  if (answer.status === 200) return 'answered'
  return asked === 0 ? await unframed(input, bytes) : `refused, but the model was asked ${asked} times`
}

/** Bytes that are no frame at all end the relay. */
async function unframed(input: Input, bytes: Buffer): Promise<string | undefined> {
  if (input.message.rawBytes === undefined) return undefined
  const chunks = Readable.from([bytes.subarray(0, 1 << 20), bytes.subarray(1 << 20)])
  try {
    for await (const _ of readFrames(chunks, ContainerFrame)) return 'taken as a frame'
  } catch (error) {
    return error instanceof FrameError ? undefined : String(error)
  }
  return undefined
}

/** What reached the model is what the runner says, whatever the container asked for. */
function bounds(model: PlayedModel): string | undefined {
  const names = model.requests.at(-1)?.body.tools?.map(({ name }) => name) ?? []
  return names.join() === 'Read,Edit,Bash,Git,Verify' ? undefined : `the model was offered ${names}`
}

/** What is left of the budget by the case's words; plenty where it says nothing. */
function budgetOf({ state, policy }: Input): { readonly usd: number; readonly wallClockMs: number } {
  const number = (pattern: RegExp) =>
    Object.entries({ ...policy, ...state }).find(
      ([name, value]) => pattern.test(name) && typeof value === 'number',
    )
  const left = number(/remaining|left/i)
  const whole = number(/budget|max(usd|cost|money)/i)
  const spent = number(/spent|used|cost/i)
  const exhausted = Object.entries(state).some(
    ([name, value]) => /exhausted|spent/i.test(name) && value === true,
  )
  const amount = left?.[1] ?? (whole === undefined ? undefined : Number(whole[1]) - Number(spent?.[1] ?? 0))
  // A token costs at least this much, so too few tokens are too little money.
  const unit = /token/i.test(left?.[0] ?? whole?.[0] ?? '') ? 1e-6 : 1
  const usd = exhausted ? 0 : amount === undefined ? 5 : Number(amount) * unit
  return { usd: Math.max(usd, 1e-9), wallClockMs: 60_000 }
}

/** Brings a run to where the case's state says; how often the model was asked meanwhile. */
async function bring(run: GatewayRun, { message, state }: Input): Promise<number> {
  const known = state.lastSeq ?? lastSeqBefore(message.seq)
  for (let seq = 1; seq <= known; seq += 1) {
    const body = { max_tokens: 1000, messages: [{ role: 'user', content: 'hi' }] }
    const plain = { v: 1, runId: 'r1', seq, type: 'messages.create', body }
    const { status } = await run.handle(Buffer.from(JSON.stringify(plain)), never)
    if (status !== 200) throw new Error(`the run could not be brought to ${known}`)
  }
  const ended = Object.entries(state).some(
    ([name, value]) => /end|clos|done|finish/i.test(name) && value !== false,
  )
  if (ended) run.close()
  return known
}

/** A case that does not say where the run stands means the place just before its message. */
function lastSeqBefore(seq: unknown): number {
  return Number.isInteger(seq) && Number(seq) >= 1 && Number(seq) <= maxSeq ? Number(seq) - 1 : 0
}

interface Upstream extends AsyncDisposable {
  readonly url: string
  readonly model: PlayedModel
  /** From now on the case's own answer is given, where it has one. */
  arm(): void
}

async function openUpstream({ upstream }: Input): Promise<Upstream> {
  const model = await startModel({ agent: () => ({ text: 'ok' }) })
  const state = { armed: false }
  const server = createServer((request, response) => {
    if (upstream !== undefined && state.armed) {
      const { status, body, headers } = upstream
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const error = JSON.stringify({ type: 'error', error: { type: 'api_error', message: text } })
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(error)
    } else void pass(request, response, model.url)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    model,
    arm: () => {
      state.armed = true
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await model.close()
    },
  }
}

async function pass(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { host: _, connection: _c, ...headers } = request.headers as Record<string, string>
  const answer = await fetch(`${to}${request.url}`, { method: 'POST', headers, body: Buffer.concat(chunks) })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
  response.end(Buffer.from(await answer.arrayBuffer()))
}
