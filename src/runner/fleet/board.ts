import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import type { createBullBoard } from '@bull-board/api'
import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { ExpressAdapter } from '@bull-board/express'
import { failures } from '../../contract/failures.ts'

/** What an operator installs beside Drydock: its pages alone are larger than what is left of the extension's package. */
export const boardPackages = {
  '@bull-board/api': '9.10.1',
  '@bull-board/express': '9.10.1',
  bullmq: '6.7.0',
} as const

type Queue = ConstructorParameters<typeof BullMQAdapter>[0]

interface Parts {
  readonly api: { readonly createBullBoard: typeof createBullBoard }
  readonly adapter: { readonly BullMQAdapter: typeof BullMQAdapter }
  readonly express: { readonly ExpressAdapter: typeof ExpressAdapter }
}

/**
 * Bull Board from the folder that an operator named, or from where Drydock is installed; never from the folder that a
 * command happens to run in, whose code nobody chose. Throws `bad-usage` where it is not there.
 */
export function loadBoard(from: string | undefined): Parts {
  const load = createRequire(from === undefined ? import.meta.url : join(resolve(from), 'whoever.asks'))
  try {
    return {
      api: load('@bull-board/api') as Parts['api'],
      adapter: load('@bull-board/api/bullMQAdapter') as Parts['adapter'],
      express: load('@bull-board/express') as Parts['express'],
    }
  } catch (error) {
    throw failures.noBoard(
      boardPackages,
      from,
      error instanceof Error ? error.message.split('\n')[0] : undefined,
    )
  }
}

export interface Board extends AsyncDisposable {
  readonly url: string
}

/** Serves a queue's board on loopback, to look at and nothing else. `port`: 0 for a free one. */
export async function serveBoard(
  { api, adapter, express }: Parts,
  queue: Queue,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Board> {
  const serverAdapter = new express.ExpressAdapter()
  api.createBullBoard({
    queues: [new adapter.BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false })],
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Drydock' } },
  })
  const server = createServer(guarded(serverAdapter.getRouter() as RequestListener))
  server.listen(port, host)
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(failures.boardPort(port, String(error)))),
  ])
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Loaded by nobody else's page, and nothing from elsewhere: the pages ask for fonts of a stranger's server. */
const headers = {
  'content-security-policy':
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/**
 * Only whoever calls this machine by its own name is answered: a name that a stranger's server points here (DNS
 * rebinding) is none of them. And whatever the board believes to be read-only, what would change something is not heard.
 */
export function guarded(board: RequestListener): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (!isOwnName(request.headers.host)) return refused(response, 421, 'Not this host.')
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refused(response, 405, 'This board is to look at alone.')
    board(request, response)
  }
}

const ownNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whatever port: it may be forwarded from another machine. */
function isOwnName(host: string | undefined): boolean {
  return ownNames.has((host ?? '').toLowerCase().replace(/:\d{1,5}$/, ''))
}

function refused(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
