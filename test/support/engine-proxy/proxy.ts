import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'

export interface EngineProxy {
  /** For DOCKER_HOST. */
  readonly dockerHost: string
  /** Calls seen so far, in order: `POST /containers/create`. */
  readonly calls: readonly string[]
  /** Breaks off the calls that are open now, as a network does that forgets silent connections; how many. */
  cut(calls: RegExp): number
  close(): Promise<void>
}

/**
 * A pass-through to the Docker engine that counts the client's API calls and calls back before it
 * forwards each one: a test ends the runner exactly at its nth call, or drops the engine away.
 */
export async function startEngineProxy(
  engineSocket: string,
  listenPath: string,
  onCall: (index: number, call: string) => void,
  /** What `GET /info` answers, made other than it is. */
  asInfo?: (info: object) => object,
): Promise<EngineProxy> {
  const calls: string[] = []
  const sockets = new Set<Socket>()
  const open = new Map<ServerResponse, string>()
  const count = (message: IncomingMessage): void => {
    calls.push(`${message.method} ${message.url?.split('?')[0]}`)
    onCall(calls.length, calls.at(-1) ?? '')
  }
  const server = createServer((incoming, answer) => {
    count(incoming)
    open.set(answer, calls.at(-1) ?? '')
    const upstream = request(
      {
        agent: false,
        socketPath: engineSocket,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (response) => {
        if (asInfo !== undefined && /^\/(v[\d.]+\/)?info$/.test(incoming.url ?? '')) {
          void json(response).then((info) => answer.end(JSON.stringify(asInfo(info))))
          return
        }
        answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
        answer.flushHeaders()
        response.pipe(answer)
      },
    )
    upstream.on('error', () => answer.destroy())
    upstream.on('upgrade', (response, socket, head) => join(answer.socket, socket, response, head))
    incoming.pipe(upstream)
    answer.on('close', () => {
      open.delete(answer)
      upstream.destroy()
    })
  })
  // An idle connection that closes here would look to the runner like an engine that hangs up.
  server.keepAliveTimeout = 0
  server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
    count(incoming)
    const upstream = connect(engineSocket)
    upstream.write(rawHead(incoming))
    upstream.write(head)
    link(client, upstream)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(listenPath, resolve))
  const cut = (pattern: RegExp): number => {
    const chosen = [...open].filter(([, call]) => pattern.test(call))
    for (const [answer] of chosen) answer.socket?.destroy()
    return chosen.length
  }
  return { dockerHost: `unix://${listenPath}`, calls, cut, close: () => closeAll(server, sockets) }
}

async function json(response: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as object
}

function rawHead(message: IncomingMessage): string {
  const lines = [`${message.method} ${message.url} HTTP/1.1`]
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    lines.push(`${message.rawHeaders[i]}: ${message.rawHeaders[i + 1]}`)
  }
  return `${lines.join('\r\n')}\r\n\r\n`
}

function join(client: Socket | null, upstream: Socket, response: IncomingMessage, head: Buffer): void {
  if (client === null) return void upstream.destroy()
  client.write(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n`)
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    client.write(`${response.rawHeaders[i]}: ${response.rawHeaders[i + 1]}\r\n`)
  }
  client.write('\r\n')
  client.write(head)
  link(client, upstream)
}

function link(client: Socket, upstream: Socket): void {
  client.pipe(upstream)
  upstream.pipe(client)
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
