import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionFacts } from '../../contract/statistics/facts.ts'
import { sessionFolder } from '../../store/home.ts'
import { isAlive } from '../../store/lock.ts'
import { type Leftover, sizeOf } from './find.ts'

export interface Sized extends Leftover {
  readonly bytes: number
}

export interface Retention {
  /** Ended sessions that began before this go; ISO, UTC. */
  readonly before?: string
  /** Then the oldest ended ones, until all sessions together have no more bytes than this. */
  readonly maxBytes?: number
}

/** Sessions that a person still has to decide on, or that are at work, stay whatever their age. */
const open = new Set<SessionFacts['outcome']>([null, 'awaiting-review'])

/** Ended sessions beyond what is to be kept, the oldest first. Removes nothing. */
export async function expiredSessions(
  sessions: string,
  facts: readonly SessionFacts[],
  { before, maxBytes }: Retention,
): Promise<readonly Sized[]> {
  const sizes = new Map<string, number>()
  const size = async (id: string): Promise<number> => {
    const known = sizes.get(id) ?? (await sizeOf(sessionFolder(sessions, id)))
    sizes.set(id, known)
    return known
  }
  let all = 0
  if (maxBytes !== undefined) for (const { id } of facts) all += await size(id)
  const found: Sized[] = []
  const oldest = facts.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  for (const { id, outcome, createdAt } of oldest) {
    const old = before !== undefined && createdAt < before
    const tooMany = maxBytes !== undefined && all > maxBytes
    if (open.has(outcome) || (!old && !tooMany)) continue
    const folder = sessionFolder(sessions, id)
    if (await isAlive(folder).catch(() => true)) continue
    const bytes = await size(id)
    all -= bytes
    const why = `${outcome}, begun ${createdAt.slice(0, 10)}${old ? '' : ', beyond the size that is kept'}`
    found.push({ path: folder, why, bytes })
  }
  return found
}

/** What is kept between sessions and made again where it is missing, by folder. */
export async function cacheFolders(cache: string): Promise<readonly Sized[]> {
  const names = await readdir(cache).catch(() => [])
  // The slots are locks of living runners.
  const paths = names.filter((name) => name !== 'slots').map((name) => join(cache, name))
  return await Promise.all(
    paths.toSorted().map(async (path) => {
      return { path, why: 'kept between sessions, made again when it is needed', bytes: await sizeOf(path) }
    }),
  )
}
