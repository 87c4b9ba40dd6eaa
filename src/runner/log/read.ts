import { type FSWatcher, watch } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { parseEventLines } from '../../contract/eventLines.ts'
import type { Event } from '../../contract/events.ts'
import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { sessionFiles } from './files.ts'

/** All events of a session. A last line without its end is not there yet; any other bad line is `bad-log`. */
export async function readEvents(folder: string): Promise<readonly Event[]> {
  const file = sessionFiles.events(folder)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw failures.unreadableSession(file, toFailure(error).message)
  })
  return parseEventLines(file, text.slice(0, text.lastIndexOf('\n') + 1), 0)
}

export interface FollowOptions {
  readonly signal: AbortSignal
  /** How often to look where no watcher tells, ms. */
  readonly pollMs?: number
}

/** The events there are, then those that come, until the signal fires. */
export async function* followEvents(folder: string, options: FollowOptions): AsyncGenerator<Event> {
  const file = sessionFiles.events(folder)
  const { signal, pollMs = 1000 } = options
  let offset = 0
  let seen = 0
  while (!signal.aborted) {
    const changed = nextChange(folder, signal, pollMs) // before reading, so that no change falls between
    const lines = await wholeLines(file, offset)
    offset += lines.length
    const events = parseEventLines(file, lines.toString('utf8'), seen)
    seen += events.length
    for (const event of events) yield event
    if (events.length > 0) changed.stop()
    else await changed.happened
  }
}

async function wholeLines(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => undefined)
  if (handle === undefined) return Buffer.alloc(0)
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.max(0, size - offset))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset)
    const read = bytes.subarray(0, bytesRead)
    return read.subarray(0, read.lastIndexOf(10) + 1)
  } finally {
    await handle.close()
  }
}

/** Resolves at the next change of the folder, after the poll interval, or when the signal fires. */
function nextChange(folder: string, signal: AbortSignal, pollMs: number) {
  let told = () => {}
  const happened = new Promise<void>((resolve) => {
    told = resolve
  })
  let watcher: FSWatcher | undefined
  const timer = setTimeout(() => stop(), pollMs)
  const stop = () => {
    clearTimeout(timer)
    watcher?.close()
    signal.removeEventListener('abort', stop)
    told()
  }
  signal.addEventListener('abort', stop)
  try {
    watcher = watch(folder, { persistent: false }, stop)
    watcher.on('error', () => {}) // the poll goes on
  } catch {
    // a file system without watchers: the poll alone
  }
  return { happened, stop }
}
