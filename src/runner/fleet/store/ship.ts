import { open, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../../../contract/events.ts'
import { tryJson } from '../../../contract/json.ts'
import { readArtifact } from '../../../store/artifacts.ts'
import { type LogPlace, logStart, readEventsFrom } from '../../../store/eventLog.ts'
import { sessionFiles } from '../../../store/files.ts'
import { sessionFolder } from '../../../store/home.ts'
import { readTask } from '../../../store/session.ts'
import { artifactsIn, type Cleaner, cleanerOf } from '../../archive/write.ts'
import {
  artifactName,
  artifactsOf,
  chainOf,
  maxArtifactBytes,
  type Segment,
  segmentBytes,
  segmentName,
  sessionPrefix,
} from './layout.ts'
import type { SharedStore } from './store.ts'

export interface ShipperOptions {
  readonly sessions: string
  readonly store: SharedStore
  /** Never in the store, in whatever form. */
  readonly secrets: readonly string[]
  /** The user's home folder: a path below it tells who they are. */
  readonly userHome: string
}

export interface Shipper {
  /**
   * Puts what is new of a session of this machine into the store: whole events, and the artifacts that they name before
   * them. False where nothing was. What was put by another process, or by one that was killed in the middle, is found in
   * the store and not put again. `look`: also where its log did not change since, which mends what is gone there.
   */
  ship(session: string, look?: boolean): Promise<boolean>
}

interface Shipped {
  readonly cleaner: Cleaner
  /** Up to here the log was read. */
  place: LogPlace
  /** Events up to this number are there. */
  upTo: number
  readonly artifacts: Set<string>
}

/** One process ships a session at a time; where two do, they put the same. */
export function openShipper({ sessions, store, secrets, userHome }: ShipperOptions): Shipper {
  const known = new Map<string, Shipped>()
  /** Bytes of each log when it was there whole. */
  const whole = new Map<string, number>()
  const resumed = async (session: string): Promise<Shipped | undefined> => {
    const folder = sessionFolder(sessions, session)
    const { root } = (await readTask(sessions, session)).repository
    const cleaner = cleanerOf({ secrets, userHome, root })
    const stored = await store.list(sessionPrefix(session))
    const chain = chainOf(stored)
    // What somebody removed there, because it was old, stays away until there is something new of it.
    if (chain.length === 0 && (await isMarked(folder, store))) return undefined
    const place = await placeAfter(folder, session, chain.at(-1), cleaner)
    if (place === undefined) {
      // Not what is in the log here: another one, of before a power cut. Its readers begin anew, too.
      for (const { name } of stored) await store.delete(name)
      return { cleaner, place: logStart, upTo: 0, artifacts: new Set() }
    }
    return { cleaner, place, upTo: chain.at(-1)?.last ?? 0, artifacts: new Set(artifactsOf(stored)) }
  }
  return {
    async ship(session, look = false) {
      const folder = sessionFolder(sessions, session)
      const size = (await stat(sessionFiles.events(folder)).catch(() => undefined))?.size
      if (size === undefined || whole.get(session) === size) return false
      if (
        !known.has(session) &&
        ((await isImported(folder, size)) || (!look && (await isMarked(folder, store))))
      ) {
        whole.set(session, size)
        return false
      }
      const shipped = known.get(session) ?? (await resumed(session))
      let put = false
      if (shipped !== undefined) {
        known.set(session, shipped)
        put = await shipRest(folder, session, shipped, store)
        await mark(folder, store, size)
      }
      whole.set(session, size)
      return put
    },
  }
}

async function shipRest(
  folder: string,
  session: string,
  shipped: Shipped,
  store: SharedStore,
): Promise<boolean> {
  let put = false
  for (;;) {
    const { events, after } = await readEventsFrom(folder, shipped.place, segmentBytes)
    if (events.length === 0) return put
    const fresh = events.filter(({ seq }) => seq > shipped.upTo)
    if (fresh.length > 0) {
      // An event is written after the artifacts that it names.
      await shipArtifacts(folder, session, shipped, store)
      const { name, bytes } = segmentOf(session, fresh, shipped.cleaner)
      await store.put(name, bytes)
      put = true
    }
    shipped.place = after
    shipped.upTo = Math.max(shipped.upTo, after.seen)
  }
}

function segmentOf(session: string, events: readonly Event[], { clean }: Cleaner) {
  const bytes = Buffer.from(events.map((event) => `${JSON.stringify(clean(event))}\n`).join(''))
  return { bytes, name: segmentName(session, events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0, bytes) }
}

async function shipArtifacts(
  folder: string,
  session: string,
  { artifacts, cleaner }: Shipped,
  store: SharedStore,
): Promise<void> {
  for (const digest of await artifactsIn(folder)) {
    if (artifacts.has(digest)) continue
    const { size } = await stat(join(sessionFiles.artifacts(folder), digest))
    const bytes = size > maxArtifactBytes ? undefined : await readArtifact(folder, digest)
    if (bytes !== undefined && cleaner.mayLeave(bytes)) await store.put(artifactName(session, digest), bytes)
    artifacts.add(digest)
  }
}

/** Where the log goes on after a segment; undefined where it does not hold what that says. */
async function placeAfter(
  folder: string,
  session: string,
  last: Segment | undefined,
  cleaner: Cleaner,
): Promise<LogPlace | undefined> {
  if (last === undefined) return logStart
  const same: Event[] = []
  for (let place = logStart; ; ) {
    const { events, after } = await readEventsFrom(folder, place, segmentBytes)
    for (const event of events) if (event.seq >= last.first && event.seq <= last.last) same.push(event)
    if (after.seen >= last.last)
      return segmentOf(session, same, cleaner).name === last.name ? place : undefined
    if (events.length === 0) return undefined
    place = after
  }
}

/** Whether it was made elsewhere: that is said near the log's end. */
async function isImported(folder: string, size: number): Promise<boolean> {
  const handle = await open(sessionFiles.events(folder), 'r')
  try {
    const bytes = Buffer.alloc(Math.min(size, 64 * 1024))
    await handle.read(bytes, 0, bytes.length, size - bytes.length)
    return bytes.includes('"type":"session.imported"')
  } finally {
    await handle.close()
  }
}

/* The mark says how long the log was when it was in that store whole; it may be lost. */
const markOf = (folder: string): string => join(folder, 'shipped.json')

async function mark(folder: string, { where }: SharedStore, bytes: number): Promise<void> {
  await writeFile(markOf(folder), JSON.stringify({ where, bytes }), { mode: 0o600 }).catch(() => undefined)
}

async function isMarked(folder: string, { where }: SharedStore): Promise<boolean> {
  const text = await readFile(markOf(folder), 'utf8').catch(() => '')
  const found = Object(tryJson(text)) as { readonly where?: unknown; readonly bytes?: unknown }
  const { size } = await stat(sessionFiles.events(folder))
  return found.where === where && found.bytes === size
}
