import { mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Elsewhere } from '../../../contract/elsewhere.ts'
import { parseEventLines } from '../../../contract/eventLines.ts'
import type { Event } from '../../../contract/events.ts'
import { DrydockError, type Failure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { Task } from '../../../contract/task.ts'
import { logStart, readEventsFrom } from '../../../store/eventLog.ts'
import { hasCode, sessionFiles } from '../../../store/files.ts'
import { makeFolder } from '../../../store/folder.ts'
import { sessionFolder } from '../../../store/home.ts'
import { readTask } from '../../../store/session.ts'
import { archiveLimits, here } from '../../archive/read.ts'
import {
  artifactName,
  artifactsOf,
  chainOf,
  maxArtifactBytes,
  maxSegmentBytes,
  type Segment,
  segmentOf,
  sessionPrefix,
  sha256,
} from './layout.ts'
import type { SharedStore, Stored } from './store.ts'

export interface BringOptions {
  readonly sessions: string
  readonly store: SharedStore
  readonly session: string
  /** What the session is marked with. */
  readonly elsewhere: Elsewhere
  readonly now: Date
}

export interface Brought {
  /** `own`: it is here already, and was not fetched. `none`: nothing of it is in the store yet. */
  readonly what: 'new' | 'more' | 'same' | 'none' | 'own'
  /** What of it cannot be used; what comes before that was. */
  readonly damaged?: Failure
}

type ImportedEvent = Extract<Event, { type: 'session.imported' }>

/** What a session has here: its task, and the mark that ends its log. */
interface Local {
  readonly task: Task
  readonly mark: ImportedEvent
}

/**
 * Brings a session's log here as far as it is in the store, or what came since the last time. A log here changes as a
 * whole, so that nobody reads half of it; it is always what its machine wrote, and a mark at its end.
 */
export async function bringSession(options: BringOptions): Promise<Brought> {
  const { sessions, store, session, elsewhere } = options
  const local = await localOf(sessions, session)
  if (local === 'own') return { what: 'own' }
  const stored = await store.list(sessionPrefix(session))
  requireBounds(session, stored)
  const chain = chainOf(stored)
  const gap = gapIn(session, stored, chain)
  const work = workFor(chain, local)
  if (work.fresh.length === 0 && local !== undefined && sameMark(local.mark, elsewhere))
    return { what: 'same', ...(gap === undefined ? {} : { damaged: gap }) }
  await makeFolder(sessions)
  // A name that is no session's: whatever ends this, nobody takes it for one.
  const scratch = await mkdtemp(join(sessions, 'import-'))
  try {
    const written = await writeLog(options, scratch, local, work)
    const damaged = written.damaged ?? gap
    const also = damaged === undefined ? {} : { damaged }
    if (written.task === undefined) return { what: 'none', ...also }
    // What is here already is not given up for less.
    if (local !== undefined && written.reached < local.mark.seq - 1) return { what: 'same', ...also }
    const folder = sessionFolder(sessions, session)
    await bringArtifacts(store, session, artifactsOf(stored), local === undefined ? scratch : folder)
    if (local === undefined) {
      const text = `${JSON.stringify(written.task, undefined, 2)}\n`
      await writeFile(sessionFiles.task(scratch), text, { mode: 0o600 })
      await rename(scratch, folder)
      return { what: 'new', ...also }
    }
    await rename(sessionFiles.events(scratch), sessionFiles.events(folder))
    return { what: local !== undefined && written.reached > local.mark.seq - 1 ? 'more' : 'same', ...also }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Undefined where nothing of it is here. */
export async function localOf(sessions: string, session: string): Promise<Local | 'own' | undefined> {
  const task = await readTask(sessions, session).catch((error: unknown) => {
    if (error instanceof DrydockError && error.failure.code === 'no-such-session') return undefined
    throw error
  })
  if (task === undefined) return undefined
  let last: Event | undefined
  const folder = sessionFolder(sessions, session)
  for (let place = logStart; ; ) {
    const { events, after } = await readEventsFrom(folder, place)
    if (events.length === 0) break
    last = events.at(-1)
    place = after
  }
  return last?.type === 'session.imported' && last.elsewhere !== undefined ? { task, mark: last } : 'own'
}

/** What a log is made of: what is here of it, and segments of the store. */
interface Work {
  /** Whether it goes on from the log here; otherwise it is made anew. */
  readonly goesOn: boolean
  readonly before: readonly Segment[]
  readonly fresh: readonly Segment[]
}

function workFor(chain: readonly Segment[], local: Local | undefined): Work {
  if (local === undefined) return { goesOn: false, before: [], fresh: chain }
  const { archive, seq } = local.mark
  // It was removed there, or a part of it is gone: what is here stays.
  if ((chain.at(-1)?.last ?? 0) < seq - 1) return { goesOn: true, before: [], fresh: [] }
  const before = chain.filter(({ last }) => last < seq)
  return digestOf(before) === archive
    ? { goesOn: true, before, fresh: chain.slice(before.length) }
    : { goesOn: false, before: [], fresh: chain }
}

function digestOf(segments: readonly Segment[]): string {
  return sha256(segments.map(({ name }) => name).join('\n'))
}

function sameMark({ elsewhere }: ImportedEvent, now: Elsewhere): boolean {
  return JSON.stringify(elsewhere) === JSON.stringify(now)
}

function gapIn(session: string, stored: readonly Stored[], chain: readonly Segment[]): Failure | undefined {
  const reached = chain.at(-1)?.last ?? 0
  const behind = stored.flatMap(segmentOf).find(({ first }) => first > reached + 1)
  if (behind === undefined) return undefined
  const missing = `events ${reached + 1} to ${behind.first - 1} are not there`
  return failures.storeDamaged(`${sessionPrefix(session)}log`, missing).failure
}

function requireBounds(session: string, stored: readonly Stored[]): void {
  const bytes = stored.reduce((sum, one) => sum + one.bytes, 0)
  if (bytes > archiveLimits.totalBytes || stored.length > archiveLimits.entries)
    throw failures.storeDamaged(sessionPrefix(session), 'it is larger than a session can be')
}

interface Written {
  /** Undefined where nothing of it could be read. */
  readonly task?: Task
  /** Number of its last event. */
  readonly reached: number
  readonly damaged?: Failure
}

/** The whole log anew, in the scratch folder: what was here of it, what came since, and the mark. */
async function writeLog(
  { sessions, store, session, elsewhere, now }: BringOptions,
  scratch: string,
  local: Local | undefined,
  { goesOn, before, fresh }: Work,
): Promise<Written> {
  const out = await open(sessionFiles.events(scratch), 'wx', 0o600)
  const write = (events: readonly Event[]) =>
    out.writeFile(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  try {
    let task = goesOn ? local?.task : undefined
    let reached = 0
    if (goesOn)
      for await (const events of foreignEvents(sessionFolder(sessions, session))) {
        reached = events.at(-1)?.seq ?? reached
        await write(events)
      }
    const applied = [...before]
    let damaged: Failure | undefined
    for (const segment of fresh) {
      try {
        const all = await eventsOf(store, session, segment)
        const moved = all.filter(({ seq }) => seq > reached).map((event) => movedHere(event, sessions))
        const [first] = moved
        if (first?.type === 'session.created') task ??= first.task
        await write(moved)
        reached = segment.last
        applied.push(segment)
      } catch (error) {
        if (!(error instanceof DrydockError) || error.failure.code !== 'store-damaged') throw error
        damaged = error.failure
        break
      }
    }
    const archive = fresh.length === 0 && local !== undefined ? local.mark.archive : digestOf(applied)
    const mark = { type: 'session.imported', archive, elsewhere } as const
    await write([{ v: 1, seq: reached + 1, time: now.toISOString(), ...mark }])
    return {
      reached,
      ...(task === undefined || reached === 0 ? {} : { task }),
      ...(damaged === undefined ? {} : { damaged }),
    }
  } finally {
    await out.close()
  }
}

function movedHere(event: Event, sessions: string): Event {
  return event.type === 'session.created' ? { ...event, task: here(event.task, { sessions }) } : event
}

/** What its machine wrote, in batches: all but the mark. */
async function* foreignEvents(folder: string): AsyncGenerator<readonly Event[]> {
  for (let place = logStart; ; ) {
    const { events, after } = await readEventsFrom(folder, place)
    if (events.length === 0) return
    yield events.filter(({ type }) => type !== 'session.imported')
    place = after
  }
}

/** Throws `store-damaged` where they are not what the segment's name says, or no events of that session. */
export async function eventsOf(
  store: SharedStore,
  session: string,
  { name, first, last, digest }: Segment,
): Promise<readonly Event[]> {
  const bytes = await store.get(name, maxSegmentBytes)
  if (bytes === undefined) throw failures.storeDamaged(name, 'it is not there any more')
  if (sha256(bytes) !== digest) throw failures.storeDamaged(name, 'it is not what its name says')
  const events = parsed(name, bytes.toString('utf8'), first)
  const fits = events.every((event) =>
    event.type === 'session.created'
      ? event.seq === 1 && event.task.id === session
      : event.seq > 1 && event.type !== 'session.imported',
  )
  if (!fits || events.at(-1)?.seq !== last) throw failures.storeDamaged(name, 'it holds another log')
  return events
}

function parsed(name: string, text: string, first: number): readonly Event[] {
  if (!text.endsWith('\n')) throw failures.storeDamaged(name, 'it breaks off')
  try {
    return parseEventLines(name, text, first - 1)
  } catch {
    throw failures.storeDamaged(name, 'it holds no events of this version')
  }
}

/** Those that are not here yet; what a log names and nobody has is missed where it is asked for. */
async function bringArtifacts(
  store: SharedStore,
  session: string,
  digests: readonly string[],
  folder: string,
): Promise<void> {
  const into = sessionFiles.artifacts(folder)
  const has = new Set(
    await readdir(into).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    }),
  )
  await mkdir(into, { recursive: true, mode: 0o700 })
  for (const digest of digests) {
    if (has.has(digest)) continue
    const bytes = await store.get(artifactName(session, digest), maxArtifactBytes)
    if (bytes === undefined || sha256(bytes) !== digest) continue
    const partial = join(into, `${digest}.partial`)
    await writeFile(partial, bytes, { mode: 0o600 })
    await rename(partial, join(into, digest))
  }
}
