import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Event } from '../contract/events.ts'
import type { Failure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import type { SessionView } from '../contract/sessionView.ts'
import type { Task } from '../contract/task.ts'
import { sessionFolder } from '../store/home.ts'
import { isAlive } from '../store/lock.ts'
import { createSession, type HeldSession, listSessions, recover } from '../store/session.ts'
import { createBroker } from './broker/broker.ts'
import type { CommandContext } from './commands/context.ts'
import { runnerName } from './commands/context.ts'
import { engineOf } from './commands/engine.ts'
import type { Engine } from './docker/engine.ts'
import { watchEngine } from './docker/heartbeat.ts'
import { openSandbox } from './docker/openSandbox.ts'
import { preflight, requireProtections, shortfall } from './docker/preflight.ts'
import { sessionsWithLeftovers, sweep } from './docker/sweep.ts'
import { earlierOf } from './earlier.ts'
import { openEcosystems } from './ecosystems/index.ts'
import type { OpenContext, OpenedEcosystem } from './ecosystems/module.ts'
import { endingOf } from './ending.ts'
import { holdFor } from './follow.ts'
import { secretsOf } from './gateway/connection.ts'
import { createGateway } from './gateway/gateway.ts'
import { openBareRepository } from './git/bareRepository.ts'
import { openGitSource } from './gitSource/gitSource.ts'
import { openTarballSource } from './gitSource/tarballSource.ts'
import { openRecords } from './install/records.ts'
import { withReport } from './internalReport.ts'
import { findLeftovers } from './leftovers/find.ts'
import { modelConnection } from './modelConnection.ts'
import { openBaselines } from './pipeline/baselines.ts'
import { type Drop, partName, remaining, runDrop } from './pipeline/drop.ts'
import { type Ending, runPipeline } from './pipeline.ts'
import type { Run } from './run.ts'
import { takeSlot } from './slots.ts'
import { stage } from './stage.ts'

/** Runs one session from its first event to its outcome; whatever happens, it has one. */
export async function runSession(
  context: CommandContext,
  task: Task,
  onEvent: (event: Event) => void,
): Promise<SessionView> {
  const connection = await modelConnection(context.env)
  const cancel = new AbortController()
  const signal = AbortSignal.any([context.signal, cancel.signal])
  const abort = (failure: Error): void => cancel.abort(failure)
  const held = await createSession(context.sessions, task, runnerName(context), {
    secrets: secretsOf(connection),
    onEvent,
    onFailure: abort,
    control: { cancel: () => cancel.abort(failures.cancelled()), isCancelling: () => signal.aborted },
  })
  let ending: Ending & { readonly failure?: Failure }
  try {
    const earlier = await earlierOf(context.sessions, task)
    ending = await inSlot(context, held, signal, () =>
      work(context, held, { signal, abort }, connection, (run) => runPipeline({ ...run, earlier })),
    )
    // Who was told that it is being cancelled finds it cancelled, however near its end it was.
    signal.throwIfAborted()
  } catch (error) {
    const ended = endingOf(error, signal, dirname(context.sessions))
    ending = { ...ended, failure: await withReport(held, context.version, ended.failure) }
  }
  held.log.emit({ type: 'session.finished', ...ending })
  const view = held.view()
  await held.release()
  return view
}

/**
 * Checks a waiting session's patch once more without what its reviewer dropped; the session waits for review before
 * and after. `onStart` is called once its log is held. Throws `session-state`, `session-busy`.
 */
export async function dropFromSession(
  context: CommandContext,
  id: string,
  drop: Drop,
  onStart: () => void,
): Promise<SessionView> {
  const connection = await modelConnection(context.env)
  const cancel = new AbortController()
  const signal = AbortSignal.any([context.signal, cancel.signal])
  const abort = (failure: Error): void => cancel.abort(failure)
  const held = await holdFor(context, id, 'drop', {
    secrets: secretsOf(connection),
    onFailure: abort,
    control: { cancel: () => cancel.abort(failures.cancelled()), isCancelling: () => signal.aborted },
  })
  try {
    const remains = await remaining(held, drop)
    // First of all: whatever ends this, what was to be left out is not published.
    held.log.emit({ type: 'review.dropping', digest: drop.digest, parts: drop.dropped.map(partName) })
    onStart()
    let failure: Failure | undefined
    try {
      await inSlot(context, held, signal, () =>
        work(context, held, { signal, abort }, connection, (run) => runDrop(run, held.log.events, remains)),
      )
    } catch (error) {
      failure = endingOf(error, signal, dirname(context.sessions)).failure
      throw error
    } finally {
      // It waits again, whatever came of it: who follows the log learns that nobody is at work any more.
      held.log.emit({
        ...{ type: 'session.finished', outcome: 'awaiting-review' },
        reason: failure === undefined ? 'Waiting for review.' : failure.message,
        ...(failure === undefined ? {} : { failure }),
      })
    }
    return held.view()
  } finally {
    await held.release()
  }
}

async function inSlot<T>(
  context: CommandContext,
  held: HeldSession,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  const folder = join(context.cache, 'slots')
  const { emit } = held.log
  const slot = await stage({ emit, signal }, { stage: 'queue' }, (progress) =>
    takeSlot(folder, held.task.settings.maxConcurrentSessions, signal, () =>
      progress('other sessions are running'),
    ),
  )
  using parting = partingFrom(signal)
  try {
    return await Promise.race([run(), parting.late])
  } finally {
    await slot.release()
  }
}

/** How long work that was cancelled may take to clear up. An engine that hangs never lets go: the next start clears up. */
const partingMs = 10_000

function partingFrom(signal: AbortSignal): { readonly late: Promise<never> } & Disposable {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const wait = (): void => {
      timer = setTimeout(() => reject(signal.reason), partingMs)
    }
    if (signal.aborted) wait()
    else signal.addEventListener('abort', wait, { once: true })
  })
  // Nobody waits for it where the work ends first.
  late.catch(() => undefined)
  return { late, [Symbol.dispose]: () => clearTimeout(timer) }
}

interface Ends {
  readonly signal: AbortSignal
  /** Ends the work for a reason that is found beside it. */
  readonly abort: (failure: Error) => void
}

/** Opens what a session works with, and closes it again after the work. */
async function work<T>(
  context: CommandContext,
  held: HeldSession,
  { signal, abort }: Ends,
  connection: Awaited<ReturnType<typeof modelConnection>>,
  chain: (run: Run) => Promise<T>,
): Promise<T> {
  const { task, log, folder } = held
  const repository = await openBareRepository({
    dir: join(folder, 'repo.git'),
    source: task.repository.root,
    env: context.env,
  })
  const packages = join(context.cache, 'packages')
  const opened = await ecosystemsFor(context, task, signal)
  const engine = await checkedEngine(context, held, signal)
  using _heartbeat = watchEngine(engine.docker, abort)
  const sandbox = await openSandbox({
    engine,
    sessionId: task.id,
    limits: task.settings,
    assets: context.assets,
    env: context.env,
  })
  const run: Run = {
    task,
    version: context.version,
    repository,
    sandbox,
    log,
    signal,
    env: context.env,
    ecosystems: opened.map(({ ecosystem }) => ecosystem),
    createBroker: (pins) =>
      createBroker({ registries: opened.map(({ served }) => served), cacheDir: packages, pins }),
    registryDigest: opened.map(({ digest }) => digest).join(''),
    records: openRecords(join(context.cache, 'prepared')),
    baselines: openBaselines(join(context.cache, 'baselines')),
    gateway: createGateway({
      connection,
      budget: { usd: task.settings.budgetUsd, wallClockMs: task.settings.wallClockMs },
      emit: log.emit,
    }),
    prompts: join(context.assets, 'prompts'),
  }
  try {
    return await chain(run)
  } finally {
    await sandbox.dispose()
    engine.close()
  }
}

/** Those that this machine knows the registries of; what an update names is one of them. */
async function ecosystemsFor(
  context: CommandContext,
  task: Task,
  signal: AbortSignal,
): Promise<readonly OpenedEcosystem[]> {
  const { env, userHome, cache, assets } = context
  // A file a repository.
  const name = createHash('sha256').update(task.repository.root).digest('hex').slice(0, 32)
  const how: OpenContext = {
    ...{ env, userHome, cacheDir: join(cache, 'packages') },
    // The bundle's program that reads published packages, in a thread of its own.
    releaseReader: join(assets, 'dist', 'releaseReader.mjs'),
    allowMissing: task.settings.allowMissing === true,
    memory: (id) => join(cache, id, `${name}.json`),
    sources: sourcesFor(context, task, signal),
  }
  return await openEcosystems(how, task.kind === 'dependency-update' ? task.ecosystem : undefined)
}

/** Dependencies from git and addresses, fetched with the user's git and certificates from hosts that may be asked. */
function sourcesFor(
  context: CommandContext,
  { repository: { root, remote }, settings }: Task,
  signal: AbortSignal,
): NonNullable<OpenContext['sources']> {
  const policy = {
    named: settings.gitHosts ?? [],
    ...(remote === undefined ? {} : { remote: remote.url }),
  }
  const common = { policy, cacheDir: join(context.cache, 'packages'), signal }
  return (registries) => ({
    allowMissing: settings.allowMissing === true,
    git: openGitSource({ ...common, env: context.env, root }),
    tarballs: openTarballSource({ ...common, ...registries }),
  })
}

async function checkedEngine(
  context: CommandContext,
  held: HeldSession,
  signal: AbortSignal,
): Promise<Engine> {
  const { engine } = await stage(
    { emit: held.log.emit, signal },
    { stage: 'preflight' },
    async (progress) => {
      const engine = await engineOf(context)
      const protections = await preflight(engine, held.task.settings)
      requireProtections(protections)
      await sweepDead(context, engine, progress)
      return { engine, missing: shortfall(protections) }
    },
    ({ engine: { source }, missing }) => ({
      detail: missing === undefined ? source : `${source}; ${missing}`,
    }),
  )
  return engine
}

/**
 * Ends what dead runners left open, and removes what they left on the engine; a live session is not touched,
 * nor one that another home knows and this one does not.
 */
export async function sweepDead(
  context: CommandContext,
  engine: Engine,
  progress: (message: string) => void,
): Promise<void> {
  await sweepFolders(context)
  const own = new Set<string>(await listSessions(context.sessions))
  for (const id of await sessionsWithLeftovers(engine.docker)) {
    if (!own.has(id) || (await isAlive(sessionFolder(context.sessions, id)).catch(() => true))) continue
    progress(`removing what session ${id} left behind`)
    // A log that cannot be read or written is its own session's trouble: what lies on the engine is removed all the same.
    await recover(context.sessions, id, runnerName(context)).catch(() => undefined)
    await sweep(engine.docker, id)
  }
}

/** What cannot be removed now is found again by the next start. */
async function sweepFolders({ sessions, now }: CommandContext): Promise<void> {
  for (const { path } of await findLeftovers(sessions, tmpdir(), now().getTime())) {
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}
