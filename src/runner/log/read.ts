import { createReadStream, type FSWatcher, watch } from 'node:fs'
import { open } from 'node:fs/promises'
import { parseEventLines } from '../../contract/eventLines.ts'
import type { Event } from '../../contract/events.ts'
import { DrydockError, toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { maxLineBytes, sessionFiles } from './files.ts'

/** All events of a session. A last line without its end is not there yet; any other bad line is `bad-log`. */
export async function readEvents(folder: string): Promise<readonly Event[]> {
  const file = sessionFiles.events(folder)
  const events: Event[] = []
  try {
    for await (const line of wholeLinesOf(file))
      events.push(...parseEventLines(file, `${line}\n`, events.length))
  } catch (error) {
    if (error instanceof DrydockError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw failures.unreadableSession(file, toFailure(error).message)
  }
  return events
}

/** The lines of a log that have their end, one at a time; one that no writer makes is `bad-log`, and never held. */
async function* wholeLinesOf(file: string): AsyncGenerator<string> {
  let number = 1
  let rest: Buffer[] = []
  let held = 0
  for await (const chunk of createReadStream(file)) {
    let from = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString('utf8')
      number += 1
      from = end + 1
      rest = []
      held = 0
    }
    rest.push(chunk.subarray(from))
    held += chunk.length - from
    if (held > maxLineBytes) throw failures.badLog(file, number, `it is longer than ${maxLineBytes} bytes`)
  }
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
