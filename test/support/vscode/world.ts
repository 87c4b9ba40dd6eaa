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
import { Script, type Turn } from '../model/script.ts'
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
  readonly model: PlayedModel & {
    /** What the judge says from now on. */
    judge: 'approve' | 'veto'
  }
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
  const model = await playedModel(script)
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

/** The recorded answers for any number of sessions: which turn it is stands in the conversation. */
async function playedModel(script: Script): Promise<World['model']> {
  const played = { judge: 'approve' as 'approve' | 'veto' }
  const turn = (turns: readonly Turn[], at: number): Turn => {
    const found = turns[at]
    if (found === undefined) throw new Error(`the script has no turn ${at + 1}`)
    return found
  }
  const model = await startModel({
    agent: ({ messages }) => turn(script.agent, messages.filter(({ role }) => role === 'assistant').length),
    judge: () => (played.judge === 'approve' ? turn(script.judge, 0) : vetoed(turn(script.judge, 0))),
  })
  return Object.assign(played, model, { count: model.count, close: model.close })
}

/** The recorded verdict, but for what it says of the scope. */
function vetoed({ toolUses = [], ...rest }: Turn): Turn {
  const no = { pass: false, reason: 'It changes more than the imports.', evidence: [] }
  const [use] = toolUses
  if (use === undefined) throw new Error('the script has no verdict')
  return { ...rest, toolUses: [{ ...use, input: { ...Object(use.input), in_scope: no } }] }
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
