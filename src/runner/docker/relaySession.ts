import type { Writable } from 'node:stream'
import pLimit from 'p-limit'
import {
  type ContainerFrame,
  encodeFrame,
  FrameError,
  payloads,
  RESPONSE_WINDOW_BYTES,
  type RunnerFrame,
} from '../../contract/frames.ts'
import type { RelayHandler, RelayLimits, RelayRequest, RelayResponse } from './relay.ts'
import { drained } from './stdio.ts'

export interface RelaySession {
  /** Takes one frame; throws FrameError where it breaks the protocol. Never waits. */
  accept(frame: ContainerFrame, payload: Buffer): void
  close(): void
}

interface Exchange {
  readonly id: number
  readonly head: Omit<RelayRequest, 'body'>
  readonly body: Buffer[]
  bodyBytes: number
  complete: boolean
  readonly abort: AbortController
  /** Bytes of the response that may still be sent. */
  credit: number
  moreCredit: () => void
}

type Send = (frame: RunnerFrame, payload?: Buffer) => Promise<void>

// More than any package manager opens; a container that goes beyond is not one of ours.
const MAX_OPEN = 512
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The runner's side of one container's relay: open requests, their answers, back-pressure. */
export function createRelaySession(
  stdin: Writable,
  handler: RelayHandler,
  limits: RelayLimits,
  onOutput: (chunk: Buffer) => void,
): RelaySession {
  const open = new Map<number, Exchange>()
  const limit = pLimit(limits.maxConcurrent)
  const send = createSender(stdin)
  let lastId = 0
  let buffered = 0

  const begin = (frame: ContainerFrame & { readonly type: 'request' }) => {
    if (frame.id <= lastId) throw new FrameError('request ids must increase')
    if (open.size >= MAX_OPEN) throw new FrameError('too many open requests')
    lastId = frame.id
    open.set(frame.id, newExchange(frame))
  }
  const addBody = (exchange: Exchange, payload: Buffer) => {
    if (exchange.complete) throw new FrameError('body after the end of its request')
    exchange.bodyBytes += payload.length
    if (exchange.bodyBytes > limits.maxRequestBytes) return
    buffered += payload.length
    if (buffered > limits.maxRequestBytes * limits.maxConcurrent) throw new FrameError('requests too large')
    exchange.body.push(payload)
  }
  const finish = (exchange: Exchange) => {
    if (exchange.complete) throw new FrameError('a request ended twice')
    exchange.complete = true
    void limit(() => answer(exchange, handler, limits, send)).finally(() => {
      buffered -= exchange.body.reduce((sum, part) => sum + part.length, 0)
      open.delete(exchange.id)
    })
  }
  const accept = (frame: ContainerFrame, payload: Buffer) => {
    if (frame.type === 'output') return onOutput(payload)
    if (frame.type === 'request') return begin(frame)
    const exchange = open.get(frame.id)
    // What comes late for an answered request is harmless; what comes early for none is not.
    if (!exchange && frame.id > lastId) throw new FrameError(`${frame.type} without a request`)
    if (!exchange) return
    if (frame.type === 'request.body') addBody(exchange, payload)
    else if (frame.type === 'request.end') finish(exchange)
    else if (frame.type === 'request.abort') abortExchange(exchange, open)
    else addCredit(exchange, frame.bytes)
  }
  return {
    accept,
    close() {
      for (const exchange of open.values()) abortExchange(exchange, open)
      limit.clearQueue()
      stdin.end()
    },
  }
}

function newExchange(frame: ContainerFrame & { readonly type: 'request' }): Exchange {
  const { id, method, target } = frame
  const headers = Object.fromEntries(Object.entries(frame.headers).filter(([name]) => !HOP_BY_HOP.has(name)))
  return {
    id,
    head: { method, target, headers },
    body: [],
    bodyBytes: 0,
    complete: false,
    abort: new AbortController(),
    credit: RESPONSE_WINDOW_BYTES,
    moreCredit: () => undefined,
  }
}

function abortExchange(exchange: Exchange, open: Map<number, Exchange>): void {
  exchange.abort.abort()
  exchange.moreCredit()
  if (!exchange.complete) open.delete(exchange.id)
}

function addCredit(exchange: Exchange, bytes: number): void {
  exchange.credit += bytes
  if (exchange.credit > RESPONSE_WINDOW_BYTES) throw new FrameError('more taken than was sent')
  exchange.moreCredit()
}

// One writer at a time: frames of different answers take turns, whole frames only.
function createSender(stdin: Writable): Send {
  let broken = false
  let draining: Promise<unknown> | undefined
  stdin.on('error', () => {
    broken = true
  })
  return async (frame, payload) => {
    if (broken || stdin.writableEnded || stdin.destroyed) return
    gather(stdin)
    if (stdin.write(encodeFrame(frame, payload))) return
    draining ??= drained(stdin).finally(() => {
      draining = undefined
    })
    await draining
  }
}

/** What is sent in one go leaves in one write: each wakes every process between here and the container. */
function gather(stdin: Writable): void {
  if (stdin.writableCorked > 0) return
  stdin.cork()
  process.nextTick(() => stdin.uncork())
}

async function answer(
  exchange: Exchange,
  handler: RelayHandler,
  limits: RelayLimits,
  send: Send,
): Promise<void> {
  const { id, abort } = exchange
  if (abort.signal.aborted) return
  if (exchange.bodyBytes > limits.maxRequestBytes)
    return sendWhole(id, send, 413, 'The request is too large.\n')
  let started = false
  try {
    const response = await handler({ ...exchange.head, body: Buffer.concat(exchange.body) }, abort.signal)
    if (abort.signal.aborted) return
    started = true
    await sendResponse(exchange, response, send)
  } catch {
    if (abort.signal.aborted) return
    // What went wrong is the runner's business: the container learns that there is no answer.
    if (started) await send({ type: 'response.abort', id })
    else await sendWhole(id, send, 502, 'The runner could not answer.\n')
  }
}

async function sendWhole(id: number, send: Send, status: number, text: string): Promise<void> {
  await send({ type: 'response', id, status, headers: { 'content-type': 'text/plain' } })
  await send({ type: 'response.body', id }, Buffer.from(text))
  await send({ type: 'response.end', id })
}

async function sendResponse(exchange: Exchange, response: RelayResponse, send: Send): Promise<void> {
  const { id, abort } = exchange
  const headers = Object.fromEntries(
    Object.entries(response.headers).filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())),
  )
  await send({ type: 'response', id, status: response.status, headers })
  const body = Buffer.isBuffer(response.body) ? [response.body] : response.body
  for await (const chunk of body) {
    for (const payload of payloads(chunk)) {
      await credited(exchange, payload.length)
      if (abort.signal.aborted) return
      await send({ type: 'response.body', id }, payload)
    }
  }
  await send({ type: 'response.end', id })
}

/** Waits until the container took enough of what was sent before. */
async function credited(exchange: Exchange, bytes: number): Promise<void> {
  while (exchange.credit < bytes && !exchange.abort.signal.aborted) {
    await new Promise<void>((resolve) => {
      exchange.moreCredit = resolve
    })
  }
  exchange.credit -= bytes
}
