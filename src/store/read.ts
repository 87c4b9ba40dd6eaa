import type { Event } from '../contract/events.ts'
import { openEventLog } from './eventLog.ts'
import { watchFolder } from './watch.ts'

/** All events of a session. A last line without its end is not there yet; any other bad line is `bad-log`. */
export async function readEvents(folder: string): Promise<readonly Event[]> {
  const all: Event[] = []
  await openEventLog(folder).read((events, fromStart) => {
    if (fromStart) all.length = 0
    for (const event of events) all.push(event)
  })
  return all
}

export interface FollowOptions {
  readonly signal: AbortSignal
  /** How often to look where no watcher tells, ms. */
  readonly pollMs?: number
}

/** The events there are, then those that come, until the signal fires. */
export async function* followEvents(folder: string, options: FollowOptions): AsyncGenerator<Event> {
  const { signal, pollMs = 1000 } = options
  const log = openEventLog(folder)
  while (!signal.aborted) {
    const changed = nextChange(folder, signal, pollMs) // before reading, so that no change falls between
    const found: Event[] = []
    await log.read((events) => found.push(...events))
    for (const event of found) yield event
    if (found.length > 0) changed.stop()
    else await changed.happened
  }
}

/** Resolves at the next change of the folder, after the poll interval, or when the signal fires. */
function nextChange(folder: string, signal: AbortSignal, pollMs: number) {
  const { promise: happened, resolve: told } = deferred()
  const timer = setTimeout(() => stop(), pollMs)
  const stop = (): void => {
    clearTimeout(timer)
    watcher?.close()
    signal.removeEventListener('abort', stop)
    told()
  }
  signal.addEventListener('abort', stop)
  const watcher = watchFolder(folder, stop)
  return { happened, stop }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
