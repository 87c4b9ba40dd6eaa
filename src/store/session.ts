import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isElsewhere } from '../contract/elsewhere.ts'
import type { Event } from '../contract/events.ts'
import { toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { tryJson } from '../contract/json.ts'
import { reduce, type SessionView, sessionView } from '../contract/sessionView.ts'
import { settledAfter } from '../contract/settled.ts'
import type { StageView } from '../contract/stageView.ts'
import { SessionId, Task } from '../contract/task.ts'
import { answerControl, type Control, noControl } from './control.ts'
import { hasCode, isDiskFull, sessionFiles } from './files.ts'
import { makeFolder } from './folder.ts'
import { sessionFolder } from './home.ts'
import { acquireLock, isAlive } from './lock.ts'
import { readEvents } from './read.ts'
import { type LogOptions, openLog, type SessionLog } from './write.ts'

/** A session whose lock this process holds: only such a one is written. */
export interface HeldSession {
  readonly folder: string
  readonly task: Task
  readonly log: SessionLog
  /** What the session is now. */
  view(): SessionView
  /** Flushes the log, closes it and gives up the lock. */
  release(): Promise<void>
}

export type HoldOptions = Omit<LogOptions, 'folder'> & { readonly control: Control }

const reserveBytes = 64 * 1024

/** Makes the session's folder, takes its lock and writes `session.created`. `runner` is name and version. */
export async function createSession(
  home: string,
  task: Task,
  runner: string,
  options: HoldOptions,
): Promise<HeldSession> {
  const folder = sessionFolder(home, task.id)
  try {
    await makeFolder(home)
    await makeFolder(folder)
    await writeFile(sessionFiles.reserve(folder), Buffer.alloc(reserveBytes, 1))
  } catch (error) {
    throw isDiskFull(error) ? failures.logDiskFull(home) : error
  }
  const held = await hold(folder, task, options)
  // Last, because only a folder with a task is a session: nobody takes it for a dead one before.
  held.log.emit({ type: 'session.created', task, runner })
  const partial = `${sessionFiles.task(folder)}.partial`
  await writeFile(partial, held.log.redact(JSON.stringify(task, null, 2)), { mode: 0o600 })
  await rename(partial, sessionFiles.task(folder))
  return held
}

/** Takes the lock of a session there is. Throws `no-such-session`, `session-busy`, `bad-log`. */
export async function holdSession(home: string, id: string, options: HoldOptions): Promise<HeldSession> {
  const folder = sessionFolder(home, id)
  return hold(folder, await readTask(home, id), options)
}

async function hold(folder: string, task: Task, options: HoldOptions): Promise<HeldSession> {
  const lock = await acquireLock(folder, (socket) => answerControl(socket, options.control))
  try {
    let view: SessionView | undefined
    const log = openLog({
      ...options,
      folder,
      onEvent: (event) => {
        view = reduce(view, event)
        options.onEvent?.(event)
      },
    })
    if (log.events.length > 0) view = sessionView(log.events)
    return {
      folder,
      // A base that moved is the log's word, not the task's.
      task: view?.task ?? task,
      log,
      view: () => view ?? sessionView([]),
      release: () => log.close().finally(() => lock.release()),
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

export async function readTask(home: string, id: string): Promise<Task> {
  const file = sessionFiles.task(sessionFolder(home, id))
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw hasCode(error, 'ENOENT', 'ENOTDIR')
      ? failures.noSuchSession(id)
      : failures.unreadableSession(file, toFailure(error).message)
  })
  const parsed = Task.safeParse(tryJson(text))
  if (!parsed.success) throw failures.badLog(file, 1, parsed.error.message)
  if (parsed.data.id !== id) throw failures.copiedSession(sessionFolder(home, id), parsed.data.id)
  return parsed.data
}

/** Ids of all sessions, the newest first. */
export async function listSessions(home: string): Promise<readonly SessionId[]> {
  const names = await folderNames(home)
  const whole = await Promise.all(
    names.map((name) => stat(sessionFiles.task(join(home, name))).catch(() => undefined)),
  )
  return names.filter((_, at) => whole[at] !== undefined).toReversed()
}

/** Names of folders that may be sessions, the oldest first; one without a task is none yet. */
export async function folderNames(home: string): Promise<readonly SessionId[]> {
  const found = await readdir(home).catch((error: unknown) => {
    // What is not there yet is empty; what cannot be read is not.
    if (hasCode(error, 'ENOENT')) return []
    throw failures.homeUnusable(home, toFailure(error).message)
  })
  return found.filter((name) => SessionId.safeParse(name).success).sort()
}

/** What a session is, whoever holds it. Throws `no-such-session`, `bad-log`. */
export async function readSession(home: string, id: string): Promise<SessionView> {
  await readTask(home, id)
  const folder = sessionFolder(home, id)
  const alive = await isAlive(folder)
  return { ...sessionView(await readEvents(folder)), alive }
}

export type Recovery = 'alive' | 'finished' | 'interrupted'

/**
 * Ends what a dead runner left open: an unfinished session becomes `interrupted`, a stage left open after
 * review failed, and a check under way then leaves the session waiting. Nothing is done to a session that is alive or
 * in order.
 */
export async function recover(home: string, id: string, runner: string): Promise<Recovery> {
  const folder = sessionFolder(home, id)
  if (await isAlive(folder)) return 'alive'
  if (isInOrder(await readEvents(folder))) return 'finished'
  const held = await holdSession(home, id, { control: noControl })
  try {
    if (isInOrder(held.log.events)) return 'finished'
    if (held.log.events.length === 0) held.log.emit({ type: 'session.created', task: held.task, runner })
    endOpen(held)
    return 'interrupted'
  } finally {
    await held.release()
  }
}

function isInOrder(events: readonly Event[]): boolean {
  if (events.length === 0) return false
  const view = sessionView(events)
  // Its end is the word of the machine that has it.
  if (isElsewhere(view)) return true
  return view.outcome !== null && openStages(view).length === 0 && isSettled(events)
}

function isSettled(events: readonly Event[]): boolean {
  return events.reduce(settledAfter, false)
}

function openStages(view: SessionView): readonly StageView[] {
  return view.stages.filter((stage) => stage.status === 'running')
}

function endOpen({ log, view, folder }: HeldSession): void {
  const { outcome, updatedAt } = view()
  const open = openStages(view())
  if (outcome === null) {
    const last = view().stages.at(-1)
    const between = last === undefined ? 'before its first stage' : `after ${stageName(last)}`
    const where = open.length === 0 ? between : `in ${open.map(stageName).join(' and ')}`
    log.emit({
      type: 'session.finished',
      outcome: 'interrupted',
      reason: `The runner of ${basename(folder)} ended ${where}.`,
    })
    return
  }
  for (const { name, role, attempt, startedAt } of open) {
    log.emit({
      type: 'stage.finished',
      stage: name,
      ...(role === undefined ? {} : { role }),
      ...(attempt === undefined ? {} : { attempt }),
      status: 'failed',
      durationMs: Math.max(0, Date.parse(updatedAt) - Date.parse(startedAt)),
      detail: 'The runner ended.',
    })
  }
  // Who follows the log learns that nobody is at work on the patch any more.
  if (!isSettled(log.events))
    log.emit({ type: 'session.finished', outcome, reason: 'The runner ended in the middle of a check.' })
}

function stageName({ name, role, attempt }: StageView): string {
  const more = [role, attempt === undefined ? undefined : `attempt ${attempt}`].filter(
    (part) => part !== undefined,
  )
  return more.length === 0 ? name : `${name} (${more.join(', ')})`
}
