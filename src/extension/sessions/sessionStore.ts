import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { reduce, type SessionView } from '../../contract/sessionView.ts'
import { SessionId } from '../../contract/task.ts'
import { readArtifact } from '../../store/artifacts.ts'
import { type OnEvents, openEventLog } from '../../store/eventLog.ts'
import { followLog } from '../../store/followLog.ts'
import { isAlive } from '../../store/lock.ts'
import { createListeners, type Disposable } from '../disposable.ts'
import { openSessionIndex, type SessionIndex } from './sessionIndex.ts'
import type { SessionSummary } from './summary.ts'

export type { OnEvents } from '../../store/eventLog.ts'
export type { SessionState, SessionSummary } from './summary.ts'

/** The sessions on this machine, whoever started them, as their event logs tell. It never writes a log. */
export interface SessionStore {
  /** Folder of all sessions. */
  readonly home: string
  /** Resolves once there are sessions to list, or it is known that there are none. */
  readonly begun: Promise<void>
  /** Resolves once every session has been looked at. */
  readonly ready: Promise<void>
  /** The newest first; those not read yet are missing until they are. */
  list(): readonly SessionSummary[]
  /** Ids of the rows that changed. */
  onDidChange(listener: (ids: ReadonlySet<string>) => void): Disposable
  /** What a session that is at work, or that somebody follows, is now; undefined for any other. */
  view(id: string): SessionView | undefined
  /** What a session is now, read anew. Throws `no-such-session`, `bad-log`. */
  load(id: string): Promise<SessionView>
  /** The events there are, then those that come. A damaged log ends it, and `onProblem` is told. */
  follow(id: string, onEvents: OnEvents, onProblem?: (error: unknown) => void): Disposable
  /** Bytes of an artifact, checked against their name. Throws `bad-log`. */
  artifact(id: string, sha256: string): Promise<Uint8Array>
  /** Looks at every session again. */
  refresh(): Promise<void>
  /** Removes the folder of a session that no runner holds. Throws `session-busy`. */
  remove(id: string): Promise<void>
  /** Resolves once nothing is read or kept any more. */
  dispose(): Promise<void>
}

export interface StoreOptions {
  readonly home: string
  /** File that summaries are kept in from one start to the next; none are kept without it. */
  readonly cacheFile?: string
  /** How often to look where no watcher tells, ms. */
  readonly pollMs?: number
}

export function openSessionStore({ home, cacheFile, pollMs = 1000 }: StoreOptions): SessionStore {
  const changed = createListeners<ReadonlySet<string>>()
  const followed = new Map<string, SessionView>()
  const index = openSessionIndex({ home, pollMs, onChange: changed.tell, ...(cacheFile && { cacheFile }) })
  const folderOf = (id: string): string => join(home, knownId(id))
  return {
    home,
    begun: index.begun,
    ready: index.ready,
    list: index.list,
    onDidChange: changed.add,
    view: (id) => followed.get(id) ?? index.view(id),
    load: async (id) => loadView(folderOf(id), id),
    follow: (id, onEvents, onProblem) =>
      follow(followed, folderOf(id), id, { pollMs, onEvents, ...(onProblem && { onProblem }) }),
    artifact: async (id, sha256) => readArtifact(folderOf(id), sha256),
    refresh: index.refresh,
    remove: async (id) => removeSession(index, folderOf(id), id),
    dispose: index.dispose,
  }
}

/** No id leaves the home. */
function knownId(id: string): string {
  if (!SessionId.safeParse(id).success) throw failures.noSuchSession(id)
  return id
}

async function loadView(folder: string, id: string): Promise<SessionView> {
  let view: SessionView | undefined
  // Alive first: a runner that ends in between has written its end before.
  const alive = await isAlive(folder)
  await openEventLog(folder).read((events) => {
    for (const event of events) view = reduce(view, event)
  })
  if (view === undefined) throw failures.noSuchSession(id)
  return { ...view, alive }
}

interface FollowOptions {
  readonly pollMs: number
  readonly onEvents: OnEvents
  readonly onProblem?: (error: unknown) => void
}

/** Every follower has a reader of its own, and so gets the whole log; the view is the furthest one's. */
function follow(
  views: Map<string, SessionView>,
  folder: string,
  id: string,
  { pollMs, onEvents, onProblem }: FollowOptions,
): Disposable {
  let view: SessionView | undefined
  const following = followLog(folder, pollMs, {
    onEvents: (events, fromStart, more) => {
      if (fromStart) view = undefined
      for (const event of events) view = reduce(view, event)
      if (view !== undefined) views.set(id, view)
      onEvents(events, fromStart, more)
    },
    onProblem: (error) => onProblem?.(error),
  })
  return {
    dispose() {
      following.dispose()
      if (views.get(id) === view) views.delete(id)
    },
  }
}

async function removeSession(index: SessionIndex, folder: string, id: string): Promise<void> {
  if (await isAlive(folder)) throw failures.sessionBusy(id)
  await rm(folder, { recursive: true, force: true })
  await index.refresh()
}
