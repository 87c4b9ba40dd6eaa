import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { DrydockError } from '../../../src/contract/failure.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { openSessionStore, type SessionStore } from '../../../src/extension/sessions/sessionStore.ts'
import type { SessionSummary } from '../../../src/extension/sessions/summary.ts'
import { deferred } from '../deferred.ts'
import { scriptOf } from '../drydock.ts'
import { startGitHttp } from '../git-http/start.ts'
import { startGithub } from '../github/start.ts'
import { canaryKeys, discard } from '../keys.ts'
import { Script, type Turn } from '../model/script.ts'
import { type Play, type PlayedModel, startModel } from '../model/server.ts'
import { fixtureRepository, git } from '../repository.ts'
import { launchBrowser } from './browser.ts'
import { sharedExtensions, startCodeServer } from './codeServer.ts'
import { type EditorWindow, openWindow } from './window.ts'

export const githubToken = canaryKeys.github
export const modelKey = canaryKeys.editor

/** A person's desk: a repository with a remote, an editor on it, GitHub and a model that are played. */
export interface World extends AsyncDisposable {
  /** Where sessions live, and the remote. */
  readonly home: string
  /** The work tree that the editor has open. */
  readonly root: string
  /** The bare repository at the remote. */
  readonly remote: string
  readonly model: PlayedModel & {
    /** What the judge says from now on. */
    judge: 'approve' | 'veto'
    /** From now on no answer comes, so that what a session does stays as it is. */
    hold(): void
    release(): void
  }
  readonly browser: Browser
  readonly store: SessionStore
  /** Base of the GitHub stand-in. */
  readonly github: string
  /** Address of a window on the work tree, or on another path. */
  url(path?: string): string
  open(path?: string): Promise<EditorWindow>
  /** A window without a folder. */
  openEmpty(): Promise<EditorWindow>
  /** The newest session that satisfies the condition, once there is one; what there is is said where that takes too long. */
  until(what: string, holds: (summary: SessionSummary) => boolean): Promise<SessionView>
}

type Answer = Exclude<Play, readonly unknown[]>
/** A model's answers, each to a request. */
export type Played = Readonly<Record<'agent' | 'judge', Answer>>

export interface WorldOptions {
  readonly fixture: string
  /** What the model says; the recorded script of the fixture where it is left out. */
  readonly play?: Played
  readonly settings?: Readonly<Record<string, unknown>>
  readonly workspaceTrust?: boolean
}

const patienceMs = 240_000

export async function openWorld(options: WorldOptions): Promise<World> {
  // What a start that fails has begun ends with it.
  await using stack = new AsyncDisposableStack()
  const home = await mkdtemp(join(tmpdir(), 'drydock-world-'))
  stack.defer(() => discard(home))
  const repository = stack.use(await fixtureRepository(options.fixture))
  const { remotes, remote } = await publishRepository(home, repository.root)
  const gitHttp = stack.use(await startGitHttp(remotes))
  await git(repository.root, 'remote', 'add', 'origin', `${gitHttp.url}/acme/shop.git`)
  const github = stack.use(await startGithub(remotes, githubToken))
  const model = await playedModel(options)
  stack.defer(() => model.close())
  const server = stack.use(
    await startCodeServer({
      extensions: await sharedExtensions(),
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
  const opened = stack.move()
  return {
    root: repository.root,
    ...{ home, remote, model, browser, store, url },
    github: github.url,
    open: (path) => openWindow(browser, url(path)),
    openEmpty: () => openWindow(browser, server.emptyWindow),
    until: (what, holds) => until(store, what, holds),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function playedModel({ fixture, play }: WorldOptions): Promise<World['model']> {
  const played = { judge: 'approve' as World['model']['judge'] }
  const { agent, judge } = play ?? (await recorded(fixture, played))
  let gate = Promise.resolve()
  let open = (): void => {}
  const gated =
    (answer: Answer): Answer =>
    async (request, number) => {
      await gate
      return answer(request, number)
    }
  const model = await startModel({ agent: gated(agent), judge: gated(judge) })
  return Object.assign(played, model, {
    hold() {
      gate = new Promise((resolve) => {
        open = resolve
      })
    },
    release: () => open(),
  })
}

/** The recorded answers for any number of sessions: which turn it is stands in the conversation. */
async function recorded(fixture: string, played: Pick<World['model'], 'judge'>): Promise<Played> {
  const script = Script.parse(JSON.parse(await readFile(scriptOf(fixture), 'utf8')))
  const turn = (turns: readonly Turn[], at: number): Turn => {
    const found = turns[at]
    if (found === undefined) throw new Error(`the script has no turn ${at + 1}`)
    return found
  }
  return {
    agent: ({ messages }) => turn(script.agent, messages.filter(({ role }) => role === 'assistant').length),
    judge: () => (played.judge === 'approve' ? turn(script.judge, 0) : vetoed(turn(script.judge, 0))),
  }
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
  const found = deferred<SessionView>()
  const look = (): void => {
    const newest = store.list().find(holds)
    if (newest !== undefined) store.load(newest.id).then(found.resolve, unlessNew(found.reject))
  }
  const listening = store.onDidChange(look)
  const timer = setTimeout(() => {
    found.reject(new Error(`no session is ${what}: ${JSON.stringify(store.list(), undefined, 1)}`))
  }, patienceMs)
  look()
  try {
    return await found.promise
  } finally {
    clearTimeout(timer)
    listening.dispose()
  }
}

/** A session that has only just begun has a row before its first event; the store tells of that as well. */
function unlessNew(reject: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof DrydockError && error.failure.code === 'no-such-session')) reject(error)
  }
}
