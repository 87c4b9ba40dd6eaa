import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { openSessionStore, type SessionStore } from '../../../src/extension/sessions/sessionStore.ts'
import type { SessionSummary } from '../../../src/extension/sessions/summary.ts'
import { scriptOf } from '../drydock.ts'
import { startGitHttp } from '../git-http/start.ts'
import { startGithub } from '../github/start.ts'
import { Script } from '../model/script.ts'
import { type PlayedModel, startModel } from '../model/server.ts'
import { fixtureRepository, git } from '../repository.ts'
import { launchBrowser } from './browser.ts'
import { startCodeServer } from './codeServer.ts'
import { type EditorWindow, openWindow } from './window.ts'

export const githubToken = 'github-token-of-a-test'
export const modelKey = 'sk-ant-CANARY-editor-0123456789'

/** A person's desk: a repository with a remote, an editor on it, GitHub and a model that are played. */
export interface World extends AsyncDisposable {
  /** The work tree that the editor has open. */
  readonly root: string
  /** The bare repository at the remote. */
  readonly remote: string
  readonly model: PlayedModel
  readonly browser: Browser
  readonly store: SessionStore
  /** Base of the GitHub stand-in. */
  readonly github: string
  /** Address of a window on the work tree, or on another path. */
  url(path?: string): string
  open(path?: string): Promise<EditorWindow>
  /** The newest session, once it satisfies the condition; what it is now is said where that takes too long. */
  until(what: string, holds: (summary: SessionSummary) => boolean): Promise<SessionView>
}

export interface WorldOptions {
  readonly fixture: string
  readonly extensions: string
  readonly script?: (script: Script) => Script
  readonly settings?: Readonly<Record<string, unknown>>
  readonly workspaceTrust?: boolean
}

const patienceMs = 240_000

export async function openWorld(options: WorldOptions): Promise<World> {
  const stack = new AsyncDisposableStack()
  const home = await mkdtemp(join(tmpdir(), 'drydock-world-'))
  stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
  const repository = stack.use(await fixtureRepository(options.fixture))
  const { remotes, remote } = await publishRepository(home, repository.root)
  const gitHttp = stack.use(await startGitHttp(remotes))
  await git(repository.root, 'remote', 'add', 'origin', `${gitHttp.url}/acme/shop.git`)
  const github = stack.use(await startGithub(remotes, githubToken))
  const script = Script.parse(JSON.parse(await readFile(scriptOf(options.fixture), 'utf8')))
  const model = await startModel((options.script ?? ((same) => same))(script))
  stack.defer(() => model.close())
  const server = stack.use(
    await startCodeServer({
      extensions: options.extensions,
      settings: { 'drydock.githubApiUrl': github.url, ...options.settings },
      ...(options.workspaceTrust === undefined ? {} : { workspaceTrust: options.workspaceTrust }),
      env: { DRYDOCK_HOME: home, ANTHROPIC_BASE_URL: model.url, DRYDOCK_TEST_TOKEN: githubToken },
    }),
  )
  const browser = await launchBrowser()
  stack.defer(() => browser.close())
  const store = openSessionStore({ home: join(home, 'sessions'), pollMs: 200 })
  stack.defer(() => store.dispose())
  const url = (path = repository.root): string => server.windowOf(path)
  return {
    root: repository.root,
    ...{ remote, model, browser, store, url },
    github: github.url,
    open: (path) => openWindow(browser, url(path)),
    until: (what, holds) => until(store, what, holds),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function publishRepository(home: string, root: string) {
  const remotes = join(home, 'remotes')
  await mkdir(join(remotes, 'acme'), { recursive: true })
  await git(remotes, 'clone', '--quiet', '--bare', root, 'acme/shop.git')
  return { remotes, remote: join(remotes, 'acme/shop.git') }
}

async function until(
  store: SessionStore,
  what: string,
  holds: (summary: SessionSummary) => boolean,
): Promise<SessionView> {
  const found = Promise.withResolvers<string>()
  const look = (): void => {
    const [newest] = store.list()
    if (newest !== undefined && holds(newest)) found.resolve(newest.id)
  }
  const listening = store.onDidChange(look)
  const timer = setTimeout(() => {
    found.reject(new Error(`no session is ${what}: ${JSON.stringify(store.list(), undefined, 1)}`))
  }, patienceMs)
  look()
  try {
    return await store.load(await found.promise)
  } finally {
    clearTimeout(timer)
    listening.dispose()
  }
}

