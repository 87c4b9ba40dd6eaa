import { type FileHandle, open } from 'node:fs/promises'
import { maxLineBytes, parseEventLines } from '../contract/eventLines.ts'
import type { Event } from '../contract/events.ts'
import { DrydockError, toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { hasCode, sessionFiles } from './files.ts'

/**
 * Called with events in order; `fromStart` where they are the log's first ones, so that a fold begins anew; `more`
 * where the log holds others, which come next.
 */
export type OnEvents = (events: readonly Event[], fromStart: boolean, more: boolean) => void

export interface EventLog {
  /**
   * Reads what was appended since the last call, in batches, giving way to others between them. A last line
   * without its end is not there yet; any other line that is no event is `bad-log`, and so is a log that is there
   * and cannot be read.
   */
  read(onEvents: OnEvents): Promise<void>
}

/** A few milliseconds of reading: whoever sends something large meanwhile gets on between any two. */
const batchBytes = 64 * 1024
const newline = 10

/** A place between two lines of a log: the byte, and how many events stand before it. */
export interface LogPlace {
  readonly offset: number
  readonly seen: number
}

export const logStart: LogPlace = { offset: 0, seen: 0 }

/**
 * Events from a place on, of about so many bytes, and the place after them; none where no whole line stands there yet.
 * Throws `bad-log`.
 */
export async function readEventsFrom(
  folder: string,
  { offset, seen }: LogPlace,
  bytes = batchBytes,
): Promise<{ readonly events: readonly Event[]; readonly after: LogPlace }> {
  const file = sessionFiles.events(folder)
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw failures.unreadableSession(file, toFailure(error).message)
  })
  try {
    const { size } = await handle.stat()
    const lines = await wholeLines(handle, offset, size, () => tooLong(file, seen), bytes)
    const events = parseEventLines(file, lines.toString('utf8'), seen)
    return { events, after: { offset: offset + lines.length, seen: seen + events.length } }
  } finally {
    await handle.close()
  }
}

/** Reads a session's log as it grows: every byte once. One that was fetched anew takes the place of the former whole. */
export function openEventLog(folder: string): EventLog {
  const file = sessionFiles.events(folder)
  let offset = 0
  let seen = 0
  let inode: number | undefined
  return {
    async read(onEvents) {
      const handle = await open(file, 'r').catch((error: unknown) => {
        if (hasCode(error, 'ENOENT')) return undefined
        throw failures.unreadableSession(file, toFailure(error).message)
      })
      if (handle === undefined) return
      try {
        const { size, ino } = await handle.stat()
        if (size < offset || (inode !== undefined && ino !== inode)) [offset, seen] = [0, 0]
        inode = ino
        const next = (from: number, before: number) =>
          wholeLines(handle, from, size, () => tooLong(file, before))
        let lines = await next(offset, seen)
        while (lines.length > 0) {
          const events = parseEventLines(file, lines.toString('utf8'), seen)
          // What comes before a damage is told before it.
          const after = await next(offset + lines.length, seen + events.length).catch((error: unknown) => {
            onEvents(events, seen === 0, false)
            throw error
          })
          onEvents(events, seen === 0, after.length > 0)
          offset += lines.length
          seen += events.length
          lines = after
          await new Promise(setImmediate)
        }
      } catch (error) {
        if (error instanceof DrydockError || !isCoded(error)) throw error
        throw failures.unreadableSession(file, toFailure(error).message)
      } finally {
        await handle.close()
      }
    },
  }
}

function isCoded(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && 'code' in error
}

/** Bytes up to a line's end: about a batch, or more where one line is longer than that. */
async function wholeLines(
  handle: FileHandle,
  offset: number,
  size: number,
  tooLong: () => Error,
  first = batchBytes,
): Promise<Buffer> {
  for (let wanted = first; ; wanted *= 2) {
    const bytes = Buffer.alloc(Math.max(0, Math.min(wanted, size - offset)))
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset)
    const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(newline) + 1)
    if (whole.length > 0) return whole
    if (bytesRead > maxLineBytes) throw tooLong()
    if (offset + wanted >= size) return whole
  }
}

function tooLong(file: string, before: number): Error {
  return failures.badLog(file, before + 1, `it is longer than ${maxLineBytes} bytes`)
}
