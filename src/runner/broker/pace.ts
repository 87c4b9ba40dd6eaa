import type { Agent, ClientRequest, IncomingMessage } from 'node:http'

/** Lets whoever reads an answer hold it up. */
export interface Pace {
  /** To be asked with, once. */
  readonly agent: Agent
  hold(): void
  goOn(): void
}

type Requests = Agent & { addRequest(request: ClientRequest, ...rest: readonly unknown[]): void }

/**
 * minipass-fetch, below make-fetch-happen, takes an answer into memory as fast as it comes, however slowly that is read:
 * it is held up where it comes from, at the message that the agent's request gets.
 */
export function paced(agent: Agent): Pace {
  let incoming: IncomingMessage | undefined
  const addRequest: Requests['addRequest'] = (request, ...rest) => {
    request.once('response', (response) => {
      incoming = response
    })
    const requests = agent as Requests
    requests.addRequest(request, ...rest)
  }
  return {
    // Everything else is the agent's own: its sockets are shared by all requests.
    agent: new Proxy(agent, {
      get: (target, name) => (name === 'addRequest' ? addRequest : Reflect.get(target, name, target)),
    }),
    hold: () => void incoming?.pause(),
    goOn: () => void incoming?.resume(),
  }
}
