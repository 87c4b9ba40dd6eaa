import { type OnEvents, openEventLog } from './eventLog.ts'
import { onceAtATime, watchFolder } from './watch.ts'

export interface Following {
  readonly onEvents: OnEvents
  readonly onProblem: (error: unknown) => void
}

/** Reads a session's log now, at every change of its folder, and once a poll interval. */
export function followLog(
  folder: string,
  pollMs: number,
  { onEvents, onProblem }: Following,
): { dispose(): void } {
  const log = openEventLog(folder)
  let ended = false
  const look = onceAtATime(async () => {
    if (ended) return
    try {
      await log.read((...batch) => {
        if (!ended) onEvents(...batch)
      })
    } catch (error) {
      stop()
      onProblem(error)
    }
  })
  const timer = setInterval(look, pollMs)
  const watcher = watchFolder(folder, look)
  const stop = (): void => {
    ended = true
    clearInterval(timer)
    watcher?.close()
  }
  look()
  return { dispose: stop }
}
