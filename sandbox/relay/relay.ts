import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { http } from '../http/builtin.ts'
import { type Channel, openChannel, type Taker } from './channel.ts'

export interface RelayOptions {
  /** 0 for any free port. */
  readonly port: number
  /** The container's stdin and stdout. */
  readonly input: Readable
  readonly output: Writable
}

/** The container's only way out: an HTTP listener on loopback whose requests travel as frames. */
export interface Relay extends Pick<Channel, 'closed' | 'sendOutput'> {
  readonly port: number
  close(): void
}

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'])

/** Opens the relay; the process must write nothing else to `output`. */
export async function openRelay(options: RelayOptions): Promise<Relay> {
  const channel = openChannel(options.input, options.output)
  const { port, close } = await listen(channel, options.port)
  return {
    port,
    closed: channel.closed,
    sendOutput: channel.sendOutput,
    close() {
      close()
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

/** HTTP on loopback over a channel that is open already. */
export async function listen(channel: Channel, port: number): Promise<Pick<Relay, 'port' | 'close'>> {
  const server = http().createServer((request, response) => {
    const unwanted = statusOfHead(request)
    if (unwanted !== undefined) response.writeHead(unwanted, { connection: 'close' }).end()
    else void forward(channel, request, response).catch(() => response.destroy())
  })
  server.on('checkContinue', (_, response) => response.writeHead(417, { connection: 'close' }).end())
  // A model's answer may take minutes; the runner's limits end what hangs.
  Object.assign(server, { requestTimeout: 0, timeout: 0, keepAliveTimeout: 60_000 })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = () => stop(server)
  void channel.closed.catch(() => undefined).then(close)
  return { port: (server.address() as AddressInfo).port, close }
}

function stop(server: Server): void {
  server.close()
  server.closeAllConnections()
}

async function forward(channel: Channel, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (HOP_BY_HOP.has(name) || value === undefined) continue
    headers[name] = Array.isArray(value) ? value.join(', ') : value
  }
  const opening = channel.open(request.method ?? 'GET', request.url ?? '/', headers, takerOf(response))
  response.once('close', () => void opening.then((asking) => asking.drop()).catch(() => undefined))
  const asking = await opening
  for await (const chunk of request) await asking.send(chunk as Buffer)
  await asking.end()
}

function takerOf(response: ServerResponse): Taker {
  return {
    head(status, headers) {
      response.writeHead(status, headers)
      response.flushHeaders()
    },
    body: (payload, taken) => void response.write(payload, taken),
    end: () => void response.end(),
    abort: () => void response.destroy(),
  }
}
