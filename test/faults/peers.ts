import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Trouble } from './choice.ts'

/** A server that a session talks to, and that can be made to misbehave. */
export interface TroubledPeer extends AsyncDisposable {
  readonly url: string
  /** Requests that met the trouble since it began. */
  readonly met: () => number
  disturb(trouble: Trouble | undefined): void
}

export async function startPeer(handler: RequestListener): Promise<TroubledPeer> {
  let trouble: Trouble | undefined
  let met = 0
  const server = createServer((incoming, response) => {
    // Whoever is cut off says so here; nobody is to die of it.
    incoming.on('error', () => {})
    response.on('error', () => {})
    if (trouble === undefined) return handler(incoming, response)
    met += 1
    play(trouble, handler, incoming, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    met: () => met,
    disturb(next) {
      trouble = next
      if (next !== undefined) met = 0
      // What hangs is let go once the trouble is over, as a proxy in between would do at last.
      if (next === undefined) server.closeAllConnections()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function play(
  trouble: Trouble,
  handler: RequestListener,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  switch (trouble) {
    case 'silent':
      incoming.resume()
      break
    case 'slow':
      handler(incoming, slowed(response))
      break
    case 'cut':
      cutAfter(response, handler, incoming)
      break
    case '4xx':
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"Forbidden"}')
      break
    case '5xx':
      response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Service unavailable</h1>')
      break
    case 'garbage':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>\u0000\u0001')
      break
    case 'endless':
      endless(response)
      break
  }
}

/** Each piece of the answer comes late. */
function slowed(response: ServerResponse): ServerResponse {
  let turn: Promise<unknown> = delay(300)
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  const later = (act: () => unknown): void => {
    turn = turn.then(() => delay(100)).then(() => (response.destroyed ? undefined : act()))
  }
  response.write = ((chunk: string | Buffer) => {
    later(() => write(chunk))
    return true
  }) as typeof response.write
  response.end = ((chunk?: string | Buffer) => {
    later(() => end(chunk ?? ''))
    return response
  }) as typeof response.end
  return response
}

/** The head and half of the first piece, then nothing more. */
function cutAfter(response: ServerResponse, handler: RequestListener, incoming: IncomingMessage): void {
  const write = response.write.bind(response)
  const half = (chunk: unknown): void => {
    const bytes = Buffer.from((chunk as Buffer | string | undefined) ?? '')
    write(bytes.subarray(0, Math.max(1, bytes.length >> 1)), () => response.destroy())
  }
  response.write = ((chunk: unknown) => {
    half(chunk)
    return true
  }) as typeof response.write
  response.end = ((chunk: unknown) => {
    half(chunk ?? ' ')
    return response
  }) as typeof response.end
  handler(incoming, response)
}

const endlessPiece = 'x'.repeat(65_536)

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const more = (): void => {
    while (!response.destroyed && response.write(endlessPiece));
  }
  response.on('drain', more)
  more()
}

/** Hands requests on to a server elsewhere, as it is when they come. */
export function forwarding(target: () => string): RequestListener {
  return (incoming, response) => {
    const url = new URL(incoming.url ?? '/', target())
    const { method, headers } = incoming
    const onward = request(
      url,
      { method, headers: { ...headers, host: url.host }, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.on('error', () => response.destroy())
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    incoming.pipe(onward)
  }
}
