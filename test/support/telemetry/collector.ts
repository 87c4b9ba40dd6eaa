import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** One request that the collector got. */
export interface Received {
  readonly path: string
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: Buffer
}

/** A collector of OTLP over HTTP; it takes only what is posted to `/v1/traces` as protobuf. */
export interface StandInCollector extends AsyncDisposable {
  readonly url: string
  readonly received: readonly Received[]
}

type Answer = (response: ServerResponse, request: Received) => void

const takes: Answer = (response, { path, headers }) => {
  const isTrace = path === '/v1/traces' && headers['content-type'] === 'application/x-protobuf'
  response.writeHead(isTrace ? 200 : 400, { 'content-type': 'application/x-protobuf' }).end()
}

/** Answers with a status, whatever it is sent. */
export function answering(status: number): Answer {
  return (response) => response.writeHead(status).end('no, and the prompt was: CANARY')
}

/** Takes the request and never answers. */
export const hanging: Answer = () => undefined

export async function startCollector(answer: Answer = takes): Promise<StandInCollector> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const one = {
      path: request.url ?? '',
      headers: request.headers,
      body: await buffer(request).catch(() => Buffer.alloc(0)),
    }
    received.push(one)
    answer(response, one)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: () => close(server),
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
