import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import {
  type ContainerFrame,
  encodeFrame,
  type FrameHeaders,
  payloads,
  type ReceivedFrame,
  RunnerFrame,
  readFrames,
} from '../../src/contract/frames.ts'
import type { Answer, Ask } from '../http/post.ts'

/** Where an answer goes: a client of the relay's, or this process itself. */
export interface Taker {
  head(status: number, headers: FrameHeaders): void
  /** `taken` is to be called once the bytes are used. */
  body(payload: Buffer, taken: () => void): void
  end(): void
  /** The answer broke off, or will never come. */
  abort(): void
}

/** A request on its way to the runner. */
export interface Asking {
  send(chunk: Buffer): Promise<void>
  end(): Promise<void>
  /** Nobody waits for the answer any more. */
  drop(): void
}

/** Requests to the runner as frames over this process's own stdio; it must write nothing else there. */
export interface Channel {
  open(method: string, target: string, headers: FrameHeaders, taker: Taker): Promise<Asking>
  /** A request of this process's own, without HTTP in between. */
  readonly ask: Ask
  /** Output of a child, for the runner to keep. */
  sendOutput(chunk: Buffer): Promise<void>
  /** Settles when the runner closed the channel; rejects where it broke off. */
  readonly closed: Promise<void>
}

type Send = (frame: ContainerFrame, payload?: Buffer) => Promise<void>

export function openChannel(input: Readable, output: Writable): Channel {
  const send = createSender(output)
  const waiting = new Map<number, Taker>()
  let gone = false
  const closed = receive(input, waiting, send).finally(() => {
    gone = true
    for (const taker of waiting.values()) taker.abort()
  })
  closed.catch(() => undefined)
  let lastId = 0
  const open: Channel['open'] = async (method, target, headers, taker) => {
    if (gone) throw new Error('the runner is gone')
    const id = ++lastId
    waiting.set(id, taker)
    await send({ type: 'request', id, method, target, headers })
    return {
      async send(chunk) {
        for (const payload of payloads(chunk)) await send({ type: 'request.body', id }, payload)
      },
      end: () => send({ type: 'request.end', id }),
      drop() {
        if (waiting.delete(id)) void send({ type: 'request.abort', id })
      },
    }
  }
  return {
    open,
    ask: (method, target, body, timeoutMs, signal) =>
      askWhole(open, method, target, body, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])),
    closed,
    sendOutput: async (chunk) => {
      for (const payload of payloads(chunk)) await send({ type: 'output' }, payload)
    },
  }
}

async function askWhole(
  open: Channel['open'],
  method: string,
  target: string,
  body: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted()
  let asking: Asking | undefined
  let leave = () => {}
  try {
    return await new Promise<Answer>((resolve, reject) => {
      leave = () => {
        asking?.drop()
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      const send = async () => {
        asking = await open(method, target, {}, wholeAnswer(resolve, reject))
        if (signal.aborted) return asking.drop()
        if (body !== undefined) await asking.send(Buffer.from(body))
        await asking.end()
      }
      send().catch(reject)
    })
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

function wholeAnswer(resolve: (answer: Answer) => void, reject: (error: Error) => void): Taker {
  const chunks: Buffer[] = []
  let status = 0
  return {
    head: (code) => {
      status = code
    },
    body(payload, taken) {
      chunks.push(payload)
      taken()
    },
    end: () => resolve({ status, body: Buffer.concat(chunks).toString('utf8') }),
    abort: () => reject(new Error('the answer broke off')),
  }
}

function createSender(output: Writable): Send {
  let draining: Promise<unknown> | undefined
  return async (frame, payload) => {
    gather(output)
    if (output.write(encodeFrame(frame, payload))) return
    draining ??= once(output, 'drain').finally(() => {
      draining = undefined
    })
    await draining
  }
}

/** What is sent in one go leaves in one write: each wakes every process between here and the runner. */
function gather(output: Writable): void {
  if (output.writableCorked > 0) return
  output.cork()
  process.nextTick(() => output.uncork())
}

async function receive(input: Readable, waiting: Map<number, Taker>, send: Send): Promise<void> {
  for await (const frame of readFrames(input, RunnerFrame)) {
    const taker = waiting.get(frame.header.id)
    if (taker === undefined) continue
    if (frame.header.type === 'response.end' || frame.header.type === 'response.abort') {
      waiting.delete(frame.header.id)
    }
    hand(taker, frame, send)
  }
}

// Never waits: a slow taker holds up its own answer only, through the credit it does not give back.
function hand(taker: Taker, { header, payload }: ReceivedFrame<RunnerFrame>, send: Send): void {
  const { id } = header
  if (header.type === 'response') taker.head(header.status, header.headers)
  else if (header.type === 'response.body') {
    taker.body(payload, () => void send({ type: 'response.taken', id, bytes: payload.length }))
  } else if (header.type === 'response.end') taker.end()
  else taker.abort()
}
