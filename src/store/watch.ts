import { type FSWatcher, watch } from 'node:fs'

/** Tells of changes; undefined on a file system without watchers, where a poll alone tells. */
export function watchFolder(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onChange)
    watcher.on('error', () => {}) // the poll goes on
    return watcher
  } catch {
    return undefined
  }
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
