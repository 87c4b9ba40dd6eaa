import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '../../contract/sessionView.ts'
import { onceAtATime, watchFolder } from '../../store/watch.ts'
import { examine, type SessionEntry } from './sessionEntry.ts'
import { isAtRest, isSettled, type SessionSummary } from './summary.ts'
import { readSummaries, writeSummaries } from './summaryCache.ts'

export interface SessionIndex {
  list(): readonly SessionSummary[]
  view(id: string): SessionView | undefined
  /** Resolves once there are sessions to list, or it is known that there are none. */
  readonly begun: Promise<void>
  /** Resolves once every session has been looked at. */
  readonly ready: Promise<void>
  /** Looks at every session, settled ones too. */
  refresh(): Promise<void>
  dispose(): Promise<void>
}

export interface IndexOptions {
  readonly home: string
  readonly pollMs: number
  readonly cacheFile?: string
  readonly onChange: (ids: ReadonlySet<string>) => void
}

interface State {
  readonly options: IndexOptions
  readonly entries: Map<string, SessionEntry>
  sorted: readonly SessionSummary[] | undefined
  looked: boolean
  polls: number
  ended: boolean
  /** Resolves `begun`. */
  begin: () => void
}

const sessionName = /^[0-9]{8}-[0-9]{6}-[0-9a-z]{6}$/
const batchSize = 64
/** Waiting sessions, of which there may be many, are looked at once in so many polls. */
const waitingEvery = 4

/** Summaries of all sessions, kept true by a watcher and a poll; settled ones are looked at on `refresh` alone. */
export function openSessionIndex(options: IndexOptions): SessionIndex {
  const state: State = {
    options,
    entries: new Map(),
    sorted: undefined,
    looked: false,
    polls: 0,
    ended: false,
    begin: () => {},
  }
  const begun = new Promise<void>((resolve) => {
    state.begin = resolve
  })
  let underWay = start(state)
  const turn = (all: boolean): Promise<void> => {
    underWay = underWay.then(() => look(state, all)).catch(() => {}) // the next poll tries again
    return underWay
  }
  const poke = onceAtATime(() => turn(false))
  const watcher = mkdir(options.home, { recursive: true, mode: 0o700 }).then(
    () => watchFolder(options.home, poke),
    () => undefined,
  )
  const timer = setInterval(poke, options.pollMs)
  const ready = turn(false)
  return {
    begun,
    ready,
    list: () => listed(state),
    view: (id) => state.entries.get(id)?.open?.view,
    refresh: () => turn(true),
    async dispose() {
      state.ended = true
      clearInterval(timer)
      ;(await watcher)?.close()
      await underWay
    },
  }
}

function listed(state: State): readonly SessionSummary[] {
  state.sorted ??= [...state.entries.values()]
    .map(({ summary }) => summary)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
  return state.sorted
}

/** Begins with what an earlier start kept; the first look checks it. */
async function start(state: State): Promise<void> {
  const { options, entries } = state
  if (options.cacheFile === undefined) return
  for (const [id, entry] of await readSummaries(options.cacheFile)) entries.set(id, entry)
  tell(state, [...entries.keys()])
}

async function look(state: State, all: boolean): Promise<void> {
  const { options, entries } = state
  const names = await sessionNames(options.home)
  state.polls += 1
  const rarely = state.polls % waitingEvery === 0
  const present = new Set(names)
  const gone = [...entries.keys()].filter((id) => !present.has(id))
  for (const id of gone) entries.delete(id)
  const due = names.filter((id) => {
    const entry = entries.get(id)
    if (all || !state.looked || entry === undefined) return true
    return rarely ? !isSettled(entry.summary) : !isAtRest(entry.summary)
  })
  let settled = tell(state, gone)
  for (let at = 0; at < due.length && !state.ended; at += batchSize) {
    const changed = await examineAll(state, due.slice(at, at + batchSize))
    settled = tell(state, changed) || settled
  }
  state.looked ||= !state.ended
  state.begin()
  if (settled && !state.ended) await keep(state)
}

/** Ids of those that changed. */
async function examineAll({ options, entries }: State, ids: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const before = entries.get(id)
      const after = await examine(join(options.home, id), id, before)
      if (after === undefined || after === before) return []
      entries.set(id, after)
      return [id]
    }),
  )
  return found.flat()
}

/** Tells the listeners; whether a session at rest is among the changes, so that the kept file is old. */
function tell(state: State, ids: readonly string[]): boolean {
  if (ids.length === 0 || state.ended) return false
  state.sorted = undefined
  state.begin()
  state.options.onChange(new Set(ids))
  return ids.some((id) => {
    const entry = state.entries.get(id)
    return entry === undefined || isAtRest(entry.summary)
  })
}

async function keep({ options, entries }: State): Promise<void> {
  if (options.cacheFile === undefined) return
  const settled = [...entries.values()].filter(
    ({ summary }) => isAtRest(summary) && summary.state !== 'damaged',
  )
  await writeSummaries(options.cacheFile, settled)
}

/** The newest first, so that they are read first. */
async function sessionNames(home: string): Promise<readonly string[]> {
  const names = await readdir(home).catch(() => [])
  return names
    .filter((name) => sessionName.test(name))
    .sort()
    .reverse()
}
