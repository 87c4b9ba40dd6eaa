import { stat } from 'node:fs/promises'
import { toFailure } from '../../contract/failure.ts'
import type { CampaignState } from '../../contract/fleet/state.ts'
import {
  type CampaignNow,
  campaignFolder,
  campaignNow,
  listCampaigns,
  openCampaignLog,
} from '../../store/campaign.ts'
import { sessionFiles } from '../../store/files.ts'
import { isAlive } from '../../store/lock.ts'
import { onceAtATime, watchFolder } from '../../store/watch.ts'
import { createListeners, type Disposable } from '../disposable.ts'

/** A campaign as it stands. `atWork`: a process of this machine runs it, or workers may. */
export interface KnownCampaign {
  readonly name: string
  readonly state: CampaignState
  readonly atWork: boolean
}

/** One whose log cannot be read. */
export interface DamagedCampaign {
  readonly name: string
  readonly problem: string
}

export type CampaignEntry = KnownCampaign | DamagedCampaign

export function isKnown(entry: CampaignEntry | undefined): entry is KnownCampaign {
  return entry !== undefined && 'state' in entry
}

/** Where campaigns come from. */
export interface CampaignSource {
  /** All of them; what did not change is the same object as before. */
  look(before: ReadonlyMap<string, CampaignEntry>): Promise<readonly CampaignEntry[]>
  readonly pollMs: number
  /** Tells of changes before a poll does, where that is possible. */
  watch?(onChange: () => void): Disposable
}

/** The campaigns that there are, whoever began them. It never writes a log. */
export interface CampaignStore {
  /** Resolves once all have been looked at. */
  readonly ready: Promise<void>
  /** Why they are not known, where that is so. */
  readonly problem: string | undefined
  /** The newest first. */
  list(): readonly CampaignEntry[]
  find(name: string): CampaignEntry | undefined
  onDidChange(listener: () => void): Disposable
  refresh(): Promise<void>
  /** Resolves once nothing is read any more. */
  dispose(): Promise<void>
}

export function openCampaignStore(source: CampaignSource): CampaignStore {
  const changed = createListeners<undefined>()
  let entries: ReadonlyMap<string, CampaignEntry> = new Map()
  let problem: string | undefined
  let underWay = Promise.resolve()
  const look = async (): Promise<void> => {
    const [before, wrong] = [entries, problem]
    try {
      const found = await source.look(before)
      entries = new Map(found.toSorted(newestFirst).map((one) => [one.name, one]))
      problem = undefined
    } catch (error) {
      problem = toFailure(error).message
    }
    const same = entries.size === before.size && [...entries].every(([name, one]) => before.get(name) === one)
    if (!same || problem !== wrong) changed.tell(undefined)
  }
  const turn = (): Promise<void> => {
    underWay = underWay.then(look)
    return underWay
  }
  const poke = onceAtATime(turn)
  const timer = setInterval(poke, source.pollMs)
  const watcher = source.watch?.(poke)
  return {
    ready: turn(),
    get problem() {
      return problem
    },
    list: () => [...entries.values()],
    find: (name) => entries.get(name),
    onDidChange: changed.add,
    refresh: turn,
    async dispose() {
      clearInterval(timer)
      watcher?.dispose()
      await underWay
    },
  }
}

function newestFirst(a: CampaignEntry, b: CampaignEntry): number {
  const time = (one: CampaignEntry): string => (isKnown(one) ? one.state.createdAt : '')
  return time(b).localeCompare(time(a)) || a.name.localeCompare(b.name)
}

/** Those of this machine, by their logs. */
export function campaignsHere(home: string, pollMs = 1000): CampaignSource {
  const logs = new Map<string, { readonly now: CampaignNow; stamp: string }>()
  const logOf = (name: string) => {
    const found = logs.get(name) ?? {
      now: campaignNow(
        openCampaignLog(home, name, () => new Date()),
        name,
      ),
      stamp: '',
    }
    logs.set(name, found)
    return found
  }
  const lookAt = async (
    name: string,
    before: CampaignEntry | undefined,
  ): Promise<readonly CampaignEntry[]> => {
    const folder = campaignFolder(home, name)
    const stamp = await stampOf(sessionFiles.events(folder))
    if (stamp === undefined) return []
    const log = logOf(name)
    try {
      const state = isKnown(before) && log.stamp === stamp ? before.state : await log.now.state()
      log.stamp = stamp
      const atWork = isOpen(state) && (await isAlive(folder))
      return [
        isKnown(before) && before.state === state && before.atWork === atWork
          ? before
          : { name, state, atWork },
      ]
    } catch (error) {
      const problem = toFailure(error).message
      return [
        before !== undefined && !isKnown(before) && before.problem === problem ? before : { name, problem },
      ]
    }
  }
  return {
    pollMs,
    watch: (onChange) => ({ dispose: closer(watchFolder(home, onChange)) }),
    async look(before) {
      const names = await listCampaigns(home)
      return (await Promise.all(names.map((name) => lookAt(name, before.get(name))))).flat()
    },
  }
}

function closer(watcher: { close(): void } | undefined): () => void {
  return () => watcher?.close()
}

/** Whether a process may be at work on it: nobody is asked about what is over. */
function isOpen({ jobs, cancelled, campaign }: CampaignState): boolean {
  if (jobs.some(({ status }) => status !== 'ended')) return true
  return !cancelled && campaign.publish?.proven === true
}

async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found && `${found.size}:${found.mtimeMs}`
}

/**
 * Those of a queue, which the command line reads: the editor speaks no Redis. Each look is a process, so they are rare,
 * and none is made while `isWanted` says that nobody looks. Workers may be anywhere, so somebody may always be at work.
 */
export function campaignsOfQueue(
  ask: () => Promise<readonly CampaignState[]>,
  isWanted: () => boolean,
  pollMs = 10_000,
): CampaignSource {
  let first = true
  return {
    pollMs,
    async look(before) {
      if (!first && !isWanted()) return [...before.values()]
      first = false
      return (await ask()).map((state): CampaignEntry => {
        const { name } = state.campaign
        const known = before.get(name)
        const same = isKnown(known) && JSON.stringify(known.state) === JSON.stringify(state)
        return same ? known : { name, state, atWork: true }
      })
    },
  }
}
