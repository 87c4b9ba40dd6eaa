import { stat } from 'node:fs/promises'
import { toFailure } from '../../contract/failure.ts'
import { reduce, type SessionView } from '../../contract/sessionView.ts'
import { settledAfter } from '../../contract/settled.ts'
import { type EventLog, openEventLog } from '../../store/eventLog.ts'
import { sessionFiles } from '../../store/files.ts'
import { isAlive } from '../../store/lock.ts'
import { bareSummary, isSettled, type SessionSummary, summarise } from './summary.ts'

/** What the index knows of one session; log and view are kept while it is not settled. */
export interface SessionEntry {
  readonly stamp: string
  readonly summary: SessionSummary
  readonly open?: { readonly log: EventLog; readonly view: SessionView; readonly settled: boolean }
}

/** The entry after a look at the folder: `before` itself where nothing changed, undefined where no session is there. */
export async function examine(
  folder: string,
  id: string,
  before: SessionEntry | undefined,
): Promise<SessionEntry | undefined> {
  const stamp = await stampOf(folder)
  if (stamp === undefined) return undefined
  const same = before?.stamp === stamp
  try {
    if (same && !(mayDie(before.summary) && !(await isAlive(folder)))) return before
    // Alive is asked first: a runner that ends in between has written its end before.
    const alive = !same && (await isAlive(folder))
    return await read(folder, id, { stamp, alive, open: before?.open })
  } catch (error) {
    return { stamp, summary: bareSummary(id, 'damaged', toFailure(error).message) }
  }
}

interface Look {
  readonly stamp: string
  readonly alive: boolean
  readonly open: SessionEntry['open']
}

async function read(folder: string, id: string, { stamp, alive, open }: Look): Promise<SessionEntry> {
  const log = open?.log ?? openEventLog(folder)
  let view = open?.view
  let settled = open?.settled ?? false
  await log.read((events, fromStart) => {
    if (fromStart) [view, settled] = [undefined, false]
    for (const event of events) [view, settled] = [reduce(view, event), settledAfter(settled, event)]
  })
  if (view === undefined) return { stamp, summary: bareSummary(id, alive ? 'queued' : 'interrupted', null) }
  const summary = summarise(view, alive, settled)
  return isSettled(summary) ? { stamp, summary } : { stamp, summary, open: { log, view, settled } }
}

/** Whether a runner is at work, so that its death must be noticed. */
function mayDie({ state, stage, elsewhere }: SessionSummary): boolean {
  if (elsewhere) return false
  return state === 'running' || state === 'queued' || stage !== null
}

/** Changes when the log does; undefined where the folder holds no session (yet). */
async function stampOf(folder: string): Promise<string | undefined> {
  const found = await stat(sessionFiles.events(folder)).catch(() => undefined)
  if (found !== undefined) return `${found.size}:${found.mtimeMs}`
  return stat(sessionFiles.task(folder)).then(
    () => 'none',
    () => undefined,
  )
}
