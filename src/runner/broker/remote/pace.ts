import type { Agent, ClientRequest, IncomingMessage } from 'node:http'

/** Lets an answer come no faster than it is read. */
export interface Pace {
  /** To be asked with, once. */
  readonly agent: Agent
  /** So many bytes of the answer were read. */
  taken(bytes: number): void
  /** Nobody reads what may still come. */
  end(): void
}

/** Bytes that may be under way between the network and whoever reads. */
const windowBytes = 1 << 20

type Requests = Agent & { addRequest(request: ClientRequest, ...rest: readonly unknown[]): void }

/**
 * minipass-fetch and the cache above it, below make-fetch-happen, take an answer into memory as fast as it comes, however
 * slowly that is read, and go on where nobody reads it any more: it is held up, and ended, where it comes from, at the
 * message that the agent's request gets. What was compressed is more by the time it is read: it ends with `tooLarge` at
 * the latest, after `maxBytes` as they come.
 */
export function paced(agent: Agent, maxBytes: number, tooLarge: () => Error): Pace {
  let incoming: IncomingMessage | undefined
  let [received, read] = [0, 0]
  const follow = (response: IncomingMessage): void => {
    incoming = response
    received = 0
    read = 0
    response.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received > maxBytes) response.destroy(tooLarge())
      else if (received - read > windowBytes) response.pause()
    })
  }
  const addRequest: Requests['addRequest'] = (request, ...rest) => {
    request.once('response', follow)
    const requests = agent as Requests
    requests.addRequest(request, ...rest)
  }
  return {
    // Everything else is the agent's own: its sockets are shared by all requests.
    agent: new Proxy(agent, {
      get: (target, name) => (name === 'addRequest' ? addRequest : Reflect.get(target, name, target)),
    }),
    taken(bytes) {
      read += bytes
      if (incoming?.isPaused() && received - read <= windowBytes) incoming.resume()
    },
    end() {
      if (incoming?.complete === false) incoming.destroy()
    },
  }
}
