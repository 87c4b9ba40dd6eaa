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
import { readEvents } from '../store/read.ts'
import { createSession, type HeldSession, type HoldOptions, listSessions, recover } from '../store/session.ts'
import { createBroker } from './broker/broker.ts'
import { buildTurns } from './builds.ts'
import type { CommandContext } from './commands/context.ts'
import { runnerName } from './commands/context.ts'
import { engineOf } from './commands/engine.ts'
import type { Engine } from './docker/engine.ts'
import { watchEngine } from './docker/heartbeat.ts'
import { openSandbox } from './docker/openSandbox.ts'
import { preflight } from './docker/preflight.ts'
import { requireProtections, shortfall } from './docker/protection.ts'
import { recorded } from './docker/recorded.ts'
import { sessionsWithLeftovers, sweep } from './docker/sweep.ts'
import { endingOf } from './ending.ts'
import { holdFor } from './follow.ts'
import { secretsOf } from './gateway/connection.ts'
import { keepExchanges } from './gateway/exchange.ts'
import { createGateway } from './gateway/gateway.ts'
import { openBareRepository } from './git/bareRepository.ts'
import { openRecords } from './install/records.ts'
import { withReport } from './internalReport.ts'
import { findLeftovers } from './leftovers/find.ts'
import { modelConnection } from './modelConnection.ts'
import { openBaselines } from './pipeline/baselines.ts'
import { type Drop, partName, remaining, runDrop } from './pipeline/drop.ts'
import { type Ending, resumePipeline, runPipeline } from './pipeline.ts'
import { priorOf } from './prior.ts'
import type { Run } from './run.ts'
import { ecosystemsFor } from './sessionEcosystems.ts'
import { takeSlot } from './slots.ts'
import { stage } from './stage.ts'
import { traced } from './tracing.ts'

/** Runs one session from its first event to its outcome; whatever happens, it has one. */
export async function runSession(
  context: CommandContext,
  task: Task,
  onEvent: (event: Event) => void,
  chain: (run: Run) => Promise<Ending> = runPipeline,
): Promise<SessionView> {
  const create = (options: HoldOptions) => createSession(context.sessions, task, runnerName(context), options)
  const hold = (options: HoldOptions) => traced(context, options, create, task)
  return toItsEnd(context, { hold, onEvent }, chain)
}

/**
 * Lets a session that ended for want of a model alone go on where it stopped, in the same log. Throws `no-key` where there
 * is still none, `session-state`, `session-busy`.
 */
export async function resumeSession(
  context: CommandContext,
  id: string,
  onEvent: (event: Event) => void,
): Promise<SessionView> {
  if (secretsOf(await modelConnection(context.env)).length === 0) throw failures.noKey()
  const before = await readEvents(sessionFolder(context.sessions, id))
  const hold = async (options: HoldOptions): Promise<HeldSession> => {
    const held = await holdFor(context, id, 'resume', options)
    held.log.emit({ type: 'session.resumed' })
    return held
  }
  return toItsEnd(context, { hold, onEvent }, (run) => resumePipeline(run, before))
}

interface Beginning {
  readonly hold: (options: HoldOptions) => Promise<HeldSession>
  readonly onEvent: (event: Event) => void
}

/** Holds a session, lets a chain of work run, and writes the outcome, whatever ended it. */
async function toItsEnd(
  context: CommandContext,
  of: Beginning,
  chain: (run: Run) => Promise<Ending>,
): Promise<SessionView> {
  const connection = await modelConnection(context.env)
  const cancel = new AbortController()
  const signal = AbortSignal.any([context.signal, cancel.signal])
  const abort = (failure: Error): void => cancel.abort(failure)
  const held = await of.hold({
    secrets: secretsOf(connection),
    onEvent: of.onEvent,
    onFailure: abort,
    control: { cancel: () => cancel.abort(failures.cancelled()), isCancelling: () => signal.aborted },
  })
  let ending: Ending & { readonly failure?: Failure }
  try {
    const prior = await priorOf(context.sessions, held.task)
    ending = await inSlot(context, held, signal, () =>
      work(context, held, { signal, abort }, connection, (run) => chain({ ...run, prior })),
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

export async function inSlot<T>(
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

export interface Ends {
  readonly signal: AbortSignal
  /** Ends the work for a reason that is found beside it. */
  readonly abort: (failure: Error) => void
}

/** Opens what a session works with, and closes it again after the work. */
export async function work<T>(
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
  const { assets, env, cache } = context
  const sandbox = recorded(
    await openSandbox({
      ...{ engine, sessionId: task.id, limits: task.settings, assets, env },
      ...{ builds: buildTurns(cache), profiles: join(cache, 'seccomp') },
    }),
    log.emit,
  )
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
      keep: keepExchanges(log.artifacts),
      ...(context.pace === undefined ? {} : { pace: context.pace }),
    }),
    prompts: context.prompts ?? join(context.assets, 'prompts'),
  }
  try {
    return await chain(run)
  } finally {
    await sandbox.dispose()
    engine.close()
  }
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
