import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { openRelay } from '../../sandbox/relay/relay.ts'
import { ContainerFrame, readFrames } from '../../src/contract/frames.ts'
import type { RelayHandler } from '../../src/runner/docker/relay.ts'
import { createRelaySession } from '../../src/runner/docker/relaySession.ts'

export interface RelayPair extends AsyncDisposable {
  /** Sends bytes as a client in the container would; the status of the answer, 0 where there was none. */
  raw(request: string): Promise<{ readonly status: number; readonly text: string }>
}

const silenceMs = 10_000

/** The real relay and the real session, over pipes instead of a container. */
export async function relayPair(handler: RelayHandler): Promise<RelayPair> {
  const toContainer = new PassThrough()
  const fromContainer = new PassThrough()
  const relay = await openRelay({ port: 0, input: toContainer, output: fromContainer })
  const limits = { maxRequestBytes: 4096, maxOutputBytes: 4096, maxConcurrent: 8 }
  const session = createRelaySession(toContainer, handler, limits, () => undefined)
  const pumped = (async () => {
    for await (const { header, payload } of readFrames(fromContainer, ContainerFrame))
      session.accept(header, payload)
  })()
  return {
    raw: async (request) => {
      const socket = connect(relay.port, '127.0.0.1')
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
      const closed = new Promise((done) => socket.once('close', done))
      socket.on('error', () => undefined)
      // A request that never ends gets no answer.
      socket.setTimeout(silenceMs, () => socket.destroy())
      socket.write(request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
      await closed
      const text = Buffer.concat(chunks).toString('utf8')
      return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }
    },
    async [Symbol.asyncDispose]() {
      session.close()
      relay.close()
      fromContainer.end()
      await pumped.catch(() => undefined)
    },
  }
}
