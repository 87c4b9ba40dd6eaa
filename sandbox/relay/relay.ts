import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import {
  type ContainerFrame,
  encodeFrame,
  payloads,
  type ReceivedFrame,
  RunnerFrame,
  readFrames,
} from '../../src/contract/frames.ts'
import { http } from '../http/builtin.ts'

export interface RelayOptions {
  /** 0 for any free port. */
  readonly port: number
  /** The container's stdin and stdout. */
  readonly input: Readable
  readonly output: Writable
}

/** The container's only way out: an HTTP listener on loopback whose requests travel as frames. */
export interface Relay {
  readonly port: number
  /** Settles when the runner closed the channel; rejects where it broke off. */
  readonly closed: Promise<void>
  /** Output of a child, for the runner to keep. */
  sendOutput(chunk: Buffer): Promise<void>
  close(): void
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

type Send = (frame: ContainerFrame, payload?: Buffer) => Promise<void>

/** Opens the relay; the process must write nothing else to `output`. */
export async function openRelay(options: RelayOptions): Promise<Relay> {
  const send = createSender(options.output)
  const waiting = new Map<number, ServerResponse>()
  let lastId = 0
  const server = http.createServer((request, response) => {
    const unwanted = statusOfHead(request)
    if (unwanted !== undefined) {
      response.writeHead(unwanted, { connection: 'close' }).end()
      return
    }
    const id = ++lastId
    waiting.set(id, response)
    response.once('close', () => {
      waiting.delete(id)
      if (!response.writableFinished) void send({ type: 'request.abort', id })
    })
    void forward(id, request, send).catch(() => response.destroy())
  })
  server.on('checkContinue', (_, response) => response.writeHead(417, { connection: 'close' }).end())
  // A model's answer may take minutes; the runner's limits end what hangs.
  Object.assign(server, { requestTimeout: 0, timeout: 0, keepAliveTimeout: 60_000 })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const closed = receive(options.input, waiting, send).finally(() => stop(server))
  closed.catch(() => undefined)
  return {
    port: (server.address() as AddressInfo).port,
    closed,
    sendOutput: async (chunk) => {
      for (const payload of payloads(chunk)) await send({ type: 'output' }, payload)
    },
    close() {
      stop(server)
      options.input.destroy()
    },
  }
}

/** Status for a request whose head no client of ours writes; undefined for any other. */
function statusOfHead({ headers, rawHeaders, httpVersion }: IncomingMessage): number | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 505
  // No tunnel; h2c is an offer of Java's client with every request, which one may pass over.
  if (!/^(h2c)?$/i.test(headers.upgrade ?? '')) return 400
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  return hosts.length > 1 ? 400 : undefined
}

function stop(server: Server): void {
  server.close()
  server.closeAllConnections()
}

function createSender(output: Writable): Send {
  let draining: Promise<unknown> | undefined
  return async (frame, payload) => {
    if (output.write(encodeFrame(frame, payload))) return
    draining ??= once(output, 'drain').finally(() => {
      draining = undefined
    })
    await draining
  }
}

async function forward(id: number, request: IncomingMessage, send: Send): Promise<void> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (HOP_BY_HOP.has(name) || value === undefined) continue
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  await send({ type: 'request', id, method: request.method ?? 'GET', target: request.url ?? '/', headers })
  for await (const chunk of request) {
    for (const payload of payloads(chunk as Buffer)) await send({ type: 'request.body', id }, payload)
  }
  await send({ type: 'request.end', id })
}

async function receive(input: Readable, waiting: Map<number, ServerResponse>, send: Send): Promise<void> {
  for await (const frame of readFrames(input, RunnerFrame)) {
    const response = waiting.get(frame.header.id)
    if (response) apply(response, frame, send)
  }
}

// Never waits: a slow client holds up its own answer only, through the credit it does not give back.
function apply(response: ServerResponse, frame: ReceivedFrame<RunnerFrame>, send: Send): void {
  const { header, payload } = frame
  const { id } = header
  if (header.type === 'response') {
    response.writeHead(header.status, header.headers)
    response.flushHeaders()
  } else if (header.type === 'response.body') {
    response.write(payload, () => void send({ type: 'response.taken', id, bytes: payload.length }))
  } else if (header.type === 'response.end') {
    response.end()
  } else {
    response.destroy()
  }
}
