import { type FSWatcher, watch } from 'node:fs'
import type { Disposable } from '../disposable.ts'
import { type OnEvents, openEventLog } from './eventLog.ts'

export interface Following {
  readonly onEvents: OnEvents
  readonly onProblem: (error: unknown) => void
}

/** Reads a session's log now, at every change of its folder, and once a poll interval. */
export function followLog(folder: string, pollMs: number, { onEvents, onProblem }: Following): Disposable {
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

/** A call that comes while one is under way makes one more after it. */
export function onceAtATime(act: () => Promise<void>): () => void {
  let running = false
  let again = false
  const run = async (): Promise<void> => {
    if (running) {
      again = true
      return
    }
    running = true
    try {
      do {
        again = false
        await act()
      } while (again)
    } finally {
      running = false
    }
  }
  return () => void run()
}

/** Tells of changes; undefined on a file system without watchers, where the poll alone tells. */
export function watchFolder(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onChange)
    watcher.on('error', () => {}) // the poll goes on
    return watcher
  } catch {
    return undefined
  }
}
