import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { EventBody } from '../../../src/contract/events.ts'
import type { PullRequestWording } from '../../../src/contract/pullRequest.ts'
import type { RunRequest } from '../../../src/contract/runRequest.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import type { MessageToPanel } from '../../../src/contract/webviewMessages.ts'
import { ReviewSession } from '../../../src/extension/review/reviewSession.ts'
import { openSessionStore } from '../../../src/extension/sessions/sessionStore.ts'
import type { PanelBrowser } from './browser.ts'
import type { SessionLog } from './log.ts'
import { previewWith } from './preview.ts'
import { type Theme, themes } from './themes.ts'
import { webview } from './webview.ts'

/** One review panel in a browser: the real page, the real extension side, a session's folder on disk. */
export interface OpenPanel extends AsyncDisposable {
  readonly page: Page
  readonly log: SessionLog
  /** When it was asked for, on the clock of `performance`; its folder was written, nothing of it read. */
  readonly openedAt: number
  /** What the runner was asked. */
  readonly asked: RunRequest[]
  /** What the editor was asked to open, in words. */
  readonly opened: string[]
  /** What the browser refused or complained of. */
  readonly complaints: string[]
  /** The session's log goes on. */
  append(...bodies: readonly EventBody[]): Promise<void>
  /** As a window that is loaded again does. */
  reload(): Promise<void>
}

export interface PanelOptions {
  readonly theme?: Theme
  readonly width?: number
  readonly height?: number
  /** The runner's answer; at once where it is missing. */
  readonly answer?: (request: RunRequest) => Promise<{ readonly session: string }>
}

export async function openPanel(
  { browser, url }: PanelBrowser,
  log: SessionLog,
  options: PanelOptions = {},
): Promise<OpenPanel> {
  const { theme = themes.dark, width = 1200, height = 900 } = options
  const home = await mkdtemp(join(tmpdir(), 'drydock-panel-'))
  const folder = await writeSession(home, log)
  const store = openSessionStore({ home, pollMs: 50 })
  const context = await browser.newContext({ viewport: { width, height } })
  const page = await context.newPage()
  const [asked, opened, complaints]: [RunRequest[], string[], string[]] = [[], [], []]
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  const posted = { queue: Promise.resolve() }
  const post = (message: MessageToPanel) => {
    // As JSON, which is how an editor hands it to its webview as well.
    const json = JSON.stringify(message)
    const send = () => page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), json)
    posted.queue = posted.queue.then(send).catch(() => undefined) // a page that is closed hears nothing
  }
  const ports = { store, runner: runner(log, asked, options.answer), editor: editor(opened), post }
  const session: { now?: ReviewSession } = {}
  await page.exposeBinding('toHost', (_, message: unknown) => void session.now?.receive(message))
  await page.addInitScript(webview, { kind: theme.kind, colors: theme.colors })
  page.setDefaultTimeout(8000)
  const openedAt = performance.now()
  const load = () => {
    session.now = new ReviewSession(ports, log.id)
  }
  load()
  await page.goto(url)
  await page.locator('.head').waitFor()
  return {
    ...{ page, log, openedAt, asked, opened, complaints },
    append: async (...bodies) => {
      const from = log.text.length
      for (const body of bodies) log.emit(body)
      await writeArtifacts(folder, log)
      await appendFile(join(folder, 'events.jsonl'), log.text.slice(from))
    },
    reload: async () => {
      session.now?.dispose()
      load()
      await page.reload()
    },
    [Symbol.asyncDispose]: async () => {
      session.now?.dispose()
      await context.close()
      await store.dispose()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A session's folder among all sessions. */
export async function writeSession(home: string, log: SessionLog): Promise<string> {
  const folder = join(home, log.id)
  await mkdir(folder)
  await writeArtifacts(folder, log)
  await writeFile(join(folder, 'events.jsonl'), log.text)
  return folder
}

async function writeArtifacts(folder: string, log: SessionLog): Promise<void> {
  await mkdir(join(folder, 'artifacts'), { recursive: true })
  for (const [digest, bytes] of log.artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
}

function runner(log: SessionLog, asked: RunRequest[], answer: PanelOptions['answer']) {
  return {
    ask: async (request: RunRequest) => {
      asked.push(request)
      return answer === undefined ? { session: '20260304-100000-bbbbbb' } : answer(request)
    },
    preview: (_: string, wording: PullRequestWording) => previewWith(sessionView(log.events), wording),
    checkOut: async (id: string) => `/worktrees/${id}`,
    cancel: async (id: string) => void asked.push({ do: 'reject', session: id, reason: 'cancel' }),
  }
}

function editor(opened: string[]) {
  return {
    openDiff: async (digest: string) => void opened.push(`diff ${digest}`),
    openFile: async (path: string, line?: number) =>
      void opened.push(`file ${path}${line === undefined ? '' : `:${line}`}`),
    openBase: async (path: string, line: number) => void opened.push(`base ${path}:${line}`),
    openLink: async (url: string, trusted: boolean) => void opened.push(`link ${url} ${trusted}`),
    openExchange: async (title: string, digest: string) => void opened.push(`exchange ${title} ${digest}`),
    openLog: async (title: string, log: string) => void opened.push(`log ${title} ${log}`),
    openReview: (id: string) => void opened.push(`review ${id}`),
    key: async () => opened.push('key') > 0,
    mend: async (remedy: string) => void opened.push(`mend ${remedy}`),
    openFolder: async (path: string) => void opened.push(`folder ${path}`),
  }
}
