import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type BuildOptions, context, type Plugin } from 'esbuild'
import { programs } from '../../esbuild.mjs'
import { sessionView } from '../../src/contract/sessionView.ts'
import { contentSecurityPolicy } from '../../src/contract/shownText.ts'
import { pageHtml } from '../../src/extension/review/page.ts'
import { ReviewSession } from '../../src/extension/review/reviewSession.ts'
import { openSessionStore, type SessionStore } from '../../src/extension/sessions/sessionStore.ts'
import { deferred } from '../../test/support/deferred.ts'
import type { SessionLog } from '../../test/support/panel/log.ts'
import { writeSession } from '../../test/support/panel/openPanel.ts'
import { previewWith } from '../../test/support/panel/preview.ts'
import { type Theme, themes } from '../../test/support/panel/themes.ts'
import { webview } from '../../test/support/panel/webview.ts'

export interface PanelServer extends AsyncDisposable {
  /** On loopback; lists the sessions. */
  readonly url: string
}

export interface PanelServerOptions {
  readonly sessions: ReadonlyMap<string, SessionLog>
  /** The system chooses where none is given. */
  readonly port?: number
  /** What a panel asked of the editor or the runner, and what happened to the page. */
  readonly say: (line: string) => void
  /** Laid over how the page is bundled. */
  readonly bundling?: BuildOptions
}

/** Pages that are open, by an id of each. */
interface Page {
  readonly session: ReviewSession
  readonly send: (event: 'message' | 'reload', data: unknown) => void
}

interface Host {
  readonly options: PanelServerOptions
  readonly store: SessionStore
  readonly bundle: { script: string; style: string }
  readonly pages: Map<string, Page>
}

/**
 * The review panel's page, the real one with the real extension side, for a browser: it is bundled again when a file
 * of it changes, and every page that is open loads itself again. What a webview gets by messages goes over HTTP here.
 */
export async function openPanelServer(options: PanelServerOptions): Promise<PanelServer> {
  const stack = new AsyncDisposableStack()
  const home = await mkdtemp(join(tmpdir(), 'drydock-panel-'))
  stack.defer(() => rm(home, { recursive: true, force: true }))
  for (const log of options.sessions.values()) await writeSession(home, log)
  const store = openSessionStore({ home, pollMs: 200 })
  stack.defer(() => store.dispose())
  const host: Host = { options, store, bundle: { script: '', style: '' }, pages: new Map() }
  stack.defer(await bundleForEver(host))
  const server = createServer((request, response) => {
    answer(host, request, response).catch((error: unknown) => {
      options.say(String(error))
      response.destroy()
    })
  })
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Returns how that ends; the first bundle is there by then. */
async function bundleForEver({ bundle, pages, options }: Host): Promise<() => Promise<void>> {
  const first = deferred<void>()
  const reload: Plugin = {
    name: 'reload',
    setup({ onEnd }) {
      onEnd(({ errors, outputFiles = [] }) => {
        if (errors.length > 0) options.say('The page stays as it was.')
        for (const { path, text } of outputFiles) {
          // The editor has other pages, too.
          if (basename(path) === 'review.css') bundle.style = text
          if (basename(path) === 'review.js') bundle.script = text
        }
        if (errors.length === 0) for (const { send } of pages.values()) send('reload', null)
        first.resolve()
      })
    },
  }
  const page = (await programs()).get('webview')
  const watched = await context({
    ...page,
    ...{ write: false, minify: false, sourcemap: 'inline' },
    ...options.bundling,
    plugins: [...(page?.plugins ?? []), ...(options.bundling?.plugins ?? []), reload],
  })
  await watched.watch()
  await first.promise
  return () => watched.dispose()
}

async function answer(host: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const own = `127.0.0.1:${request.socket.localPort}`
  // A name that some site points to loopback is not this page.
  if (request.headers.host !== own && request.headers.host !== own.replace('127.0.0.1', 'localhost'))
    return void response.writeHead(403).end()
  const [, name = '', theme = '', action = '', id = ''] = (request.url ?? '').split('/')
  const log = host.options.sessions.get(name)
  const colors = Object.entries(themes).find(([known]) => known === theme)?.[1]
  if (name === '') return html(response, listing([...host.options.sessions.keys()]))
  if (log === undefined || colors === undefined) return void response.writeHead(404).end()
  if (action === '') return html(response, document(host, colors))
  if (action === 'events') return follow(host, log, id, response)
  if (action !== 'message' || request.method !== 'POST') return void response.writeHead(404).end()
  const message: unknown = JSON.parse(await text(request))
  await host.pages.get(id)?.session.receive(message)
  response.writeHead(204).end()
}

function html(response: ServerResponse, body: string): void {
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(body)
}

function listing(names: readonly string[]): string {
  const links = (name: string) =>
    Object.keys(themes)
      .map((theme) => `<td><a href="/${name}/${theme}">${theme}</a></td>`)
      .join('')
  const rows = names.map((name) => `<tr><td>${name}</td>${links(name)}</tr>`).join('\n')
  return `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Review panel</title>
<body style="font: 14px system-ui; margin: 2em"><h1>Review panel</h1><table cellpadding="4">${rows}</table></body></html>`
}

/** The document as a webview gets it, and before all else of it what an editor would have put there. */
function document({ bundle }: Host, theme: Theme): string {
  const nonce = randomBytes(16).toString('base64url')
  const id = randomBytes(8).toString('hex')
  const theirs = JSON.stringify(theme).replaceAll('<', '\\u003c')
  const given = `(${webview.toString()})(${theirs});(${connect.toString()})('${id}')`
  const policy = contentSecurityPolicy(nonce)
  return pageHtml({ ...bundle, nonce })
    .replace(policy, `${policy} connect-src 'self';`)
    .replace('<title>', () => `<script nonce="${nonce}">${given}</script>\n<title>`)
}

/** Runs in the page: messages go there by requests, one after another, and come as events. It goes there as text. */
function connect(id: string): void {
  const at = location.pathname
  const events = new EventSource(`${at}/events/${id}`)
  let queue = new Promise<unknown>((opened) => events.addEventListener('open', opened, { once: true }))
  const given = globalThis as unknown as { toHost(message: unknown): void }
  given.toHost = (message) => {
    const body = JSON.stringify(message)
    queue = queue.then(() => fetch(`${at}/message/${id}`, { method: 'POST', body }))
  }
  events.addEventListener('message', ({ data }) => window.postMessage(JSON.parse(data), '*'))
  events.addEventListener('reload', () => location.reload())
  // The server was started again.
  events.addEventListener('error', () => {
    events.addEventListener('open', () => location.reload())
  })
}

function follow(
  { options, store, pages }: Host,
  log: SessionLog,
  id: string,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  response.flushHeaders()
  const send: Page['send'] = (event, data) =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const said = (what: string) => async (first: unknown) => options.say(`${what}: ${JSON.stringify(first)}`)
  const session = new ReviewSession(
    {
      store,
      runner: {
        ask: async (request) => {
          options.say(`asked of the runner: ${JSON.stringify(request)}`)
          return { session: log.id }
        },
        cancel: said('cancel'),
        preview: (_, wording) => previewWith(sessionView(log.events), wording),
        checkOut: async () => '/worktree',
      },
      editor: {
        openDiff: said('open the diff'),
        openFile: said('open the file'),
        openBase: said('open the base of the file'),
        openLink: said('open the link'),
        openLog: said('open the log'),
        openExchange: said('open the request and reply'),
        openReview: (other) => options.say(`open the review of ${other}`),
        key: async () => true,
        mend: said('mend'),
        openFolder: said('open the folder'),
      },
      post: (message) => send('message', message),
    },
    log.id,
  )
  pages.set(id, { session, send })
  response.on('close', () => {
    pages.delete(id)
    session.dispose()
  })
}
