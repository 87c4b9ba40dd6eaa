import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, answer, sse, streamEvents } from './answer.ts'
import { type MessagesRequest, requestError } from './request.ts'
import type { Fault, Purpose, Turn } from './script.ts'

/** A request as the stand-in saw it. */
export interface RecordedRequest {
  readonly number: number
  readonly purpose: Purpose
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
  readonly body: MessagesRequest
  /** When its last byte was there, ms since 1970. */
  readonly at: number
  /** HTTP status of the answer; the fault that took its place. */
  readonly status: number
  readonly fault?: string
  readonly error?: string
}

export type Play = readonly Turn[] | ((request: MessagesRequest, number: number) => Turn | Promise<Turn>)

export interface ModelOptions {
  readonly agent?: Play
  readonly judge?: Play
  readonly distil?: Play
  readonly faults?: readonly Fault[]
  readonly port?: number
}

export interface PlayedModel {
  readonly url: string
  readonly requests: readonly RecordedRequest[]
  count(purpose: Purpose): number
  close(): Promise<void>
}

class ApiError extends Error {
  readonly status: number
  readonly type: string
  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

function errorBody(error: ApiError): string {
  const { type, message } = error
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_played' })
}

function checkHeaders(request: IncomingMessage): void {
  const { authorization, 'x-api-key': key } = request.headers
  if (key === undefined && !authorization?.startsWith('Bearer ')) {
    throw new ApiError(401, 'authentication_error', 'x-api-key header is required')
  }
  if (request.headers['anthropic-version'] === undefined) {
    throw new ApiError(400, 'invalid_request_error', 'anthropic-version: header is required')
  }
  if (!request.headers['content-type']?.startsWith('application/json')) {
    throw new ApiError(400, 'invalid_request_error', 'content-type: must be application/json')
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function parse(bytes: Buffer): MessagesRequest {
  let body: unknown
  try {
    body = JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new ApiError(400, 'invalid_request_error', 'the request body is not valid JSON')
  }
  const wrong = requestError(body)
  if (wrong !== undefined) throw new ApiError(400, 'invalid_request_error', wrong)
  return body as MessagesRequest
}

/** The agent is the one that can edit, and a codemod has a tool of its own; whoever else asks is the judge. */
function purposeOf(request: MessagesRequest): Purpose {
  if (request.tools?.some(({ name }) => name === 'codemod')) return 'distil'
  return request.tools?.some(({ name }) => name === 'Edit') ? 'agent' : 'judge'
}

function faultFor(faults: readonly Fault[], purpose: Purpose, nth: number): Fault | undefined {
  return faults.find(
    (fault) =>
      (fault.purpose ?? 'agent') === purpose &&
      nth >= fault.request &&
      nth < fault.request + (fault.times ?? 1),
  )
}

function send(response: ServerResponse, status: number, body: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(body)
}

function openStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
}

function sendAnswer(response: ServerResponse, message: Answer, stream: boolean): void {
  if (!stream) {
    send(response, 200, JSON.stringify(message))
    return
  }
  openStream(response)
  response.end(streamEvents(message).map(sse).join(''))
}

const toolTurns: Readonly<Record<string, Turn>> = {
  'bad-arguments': { toolUses: [{ name: 'Read', input: { path: 5, surprise: true } }] },
  'unknown-tool': { toolUses: [{ name: 'Deploy', input: { target: 'production' } }] },
  'endless-tools': { toolUses: [{ name: 'Bash', input: { command: 'wc -l README.md' } }] },
}

const overloaded = new ApiError(529, 'overloaded_error', 'Overloaded')

const statusFaults: Readonly<Record<string, ApiError>> = {
  'rate-limit': new ApiError(429, 'rate_limit_error', 'This request would exceed your rate limit.'),
  overloaded,
  'server-error': new ApiError(500, 'api_error', 'Internal server error'),
  'bad-request': new ApiError(400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000'),
}

/** Plays a transport fault; false where the fault is an answer of its own kind instead. */
function playFault(response: ServerResponse, fault: Fault, message: Answer, key: string): number {
  const failed = statusFaults[fault.kind]
  if (failed !== undefined) {
    const after = fault.retryAfterSeconds
    send(
      response,
      failed.status,
      errorBody(failed),
      after === undefined ? {} : { 'retry-after': String(after) },
    )
    return failed.status
  }
  const events = streamEvents(message).map(sse)
  switch (fault.kind) {
    case 'unauthorized':
      send(response, 401, errorBody(new ApiError(401, 'authentication_error', `invalid x-api-key: ${key}`)))
      return 401
    case 'drop-connection':
      response.destroy()
      return 0
    case 'malformed-json':
      send(response, 200, '{"id": "msg_1", "content": [')
      return 200
    case 'malformed-sse':
      openStream(response)
      response.end(`${events[0]}event: content_block_start\ndata: {"type": "content_block_st\n\n`)
      return 200
    case 'stream-error':
      openStream(response)
      response.end(`${events[0]}event: error\ndata: ${errorBody(overloaded)}\n\n`)
      return 200
    case 'drop-stream':
      openStream(response)
      response.write(events.slice(0, 3).join(''), () => response.destroy())
      return 200
    default:
      openStream(response)
      response.write(events.slice(0, 3).join(''))
      return 200
  }
}

async function next(play: Play, request: MessagesRequest, position: number, purpose: Purpose): Promise<Turn> {
  if (typeof play === 'function') return play(request, position)
  const turn = play[position - 1]
  if (turn !== undefined) return turn
  throw new ApiError(
    400,
    'invalid_request_error',
    `the script ran out: ${purpose} turn ${position} was asked for, ${play.length} are played`,
  )
}

/** Starts a server that speaks the Messages API on loopback and plays the given turns. */
export async function startModel(options: ModelOptions): Promise<PlayedModel> {
  const requests: RecordedRequest[] = []
  const asked: Record<Purpose, number> = { agent: 0, judge: 0, distil: 0 }
  const played: Record<Purpose, number> = { agent: 0, judge: 0, distil: 0 }

  async function messages(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBody(request)
    const [number, at] = [requests.length + 1, Date.now()]
    let body: MessagesRequest | undefined
    const note = (status: number, more: { fault?: string; error?: string; purpose?: Purpose } = {}) => {
      requests.push({
        ...{ number, at },
        purpose: more.purpose ?? 'agent',
        headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)])),
        bytes: bytes.length,
        body: body ?? (bytes.toString('utf8') as unknown as MessagesRequest),
        status,
        ...(more.fault === undefined ? {} : { fault: more.fault }),
        ...(more.error === undefined ? {} : { error: more.error }),
      })
    }
    try {
      checkHeaders(request)
      body = parse(bytes)
      const purpose = purposeOf(body)
      asked[purpose] += 1
      const fault = faultFor(options.faults ?? [], purpose, asked[purpose])
      const instead = fault === undefined ? undefined : toolTurns[fault.kind]
      if (fault !== undefined && instead === undefined) {
        const key = String(request.headers['x-api-key'] ?? request.headers.authorization)
        const empty = answer({ text: 'This answer is cut short by a fault.' }, body, number)
        note(playFault(response, fault, empty, key), { fault: fault.kind, purpose })
        return
      }
      if (instead === undefined) played[purpose] += 1
      const turn = instead ?? (await next(options[purpose] ?? [], body, played[purpose], purpose))
      note(200, { purpose, ...(fault === undefined ? {} : { fault: fault.kind }) })
      sendAnswer(response, answer(turn, body, number), body.stream === true)
    } catch (error) {
      const known =
        error instanceof ApiError ? error : new ApiError(500, 'api_error', `stand-in: ${String(error)}`)
      note(known.status, {
        error: known.message,
        ...(body === undefined ? {} : { purpose: purposeOf(body) }),
      })
      send(response, known.status, errorBody(known))
    }
  }

  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0]
    if (request.method === 'GET' && path === '/__requests') {
      send(response, 200, JSON.stringify(requests))
    } else if (request.method === 'POST' && path === '/v1/messages') {
      void messages(request, response)
    } else {
      const missing = new ApiError(404, 'not_found_error', `no ${request.method} ${request.url}`)
      send(response, 404, errorBody(missing))
    }
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    count: (purpose) => requests.filter((request) => request.purpose === purpose).length,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
