import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { promisify } from 'node:util'
import { maxLineBytes, parseEventLines } from '../contract/eventLines.ts'
import { type Event, EventBody } from '../contract/events.ts'
import { type DrydockError, toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { openArtifacts } from './artifacts.ts'
import type { Artifacts, Emit } from './emit.ts'
import { isDiskFull, sessionFiles } from './files.ts'
import { makeRedactor, type Redactor } from './redact.ts'

const sync = promisify(fdatasync)

export interface LogOptions {
  readonly folder: string
  /** Replaced wherever they occur in events and artifacts. */
  readonly secrets?: readonly string[]
  /** Called with each event once it is written. */
  readonly onEvent?: (event: Event) => void
  /** The log cannot be written any more: the run must end. Called once. */
  readonly onFailure?: (failure: DrydockError) => void
  readonly now?: () => Date
}

/** A session's log, held by its one writer. */
export interface SessionLog {
  readonly emit: Emit
  readonly artifacts: Artifacts
  /** The events so far, those of earlier holders included. */
  readonly events: readonly Event[]
  /** Adds a secret to those that are replaced. */
  conceal(secret: string): void
  redact(text: string): string
  /** Resolves when everything that asked for it lies on the disk. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Opens the log for appending: cuts a torn last line, and continues its numbers. Needs the session's lock. */
export function openLog(options: LogOptions): SessionLog {
  const secrets = [...(options.secrets ?? [])]
  let redactor = makeRedactor(secrets)
  const writer = openWriter(options, () => redactor)
  return {
    emit: writer.emit,
    artifacts: openArtifacts(options.folder, () => redactor),
    events: writer.events,
    conceal: (secret) => {
      secrets.push(secret)
      redactor = makeRedactor(secrets)
    },
    redact: (text) => redactor.text(text),
    flush: writer.flush,
    close: writer.close,
  }
}

function openWriter(options: LogOptions, redactor: () => Redactor) {
  const file = sessionFiles.events(options.folder)
  const fd = openSync(file, 'a+', 0o600)
  const events = [...repaired(file, fd)]
  const lines = lineWriter(options.folder, fd)
  let failed = false
  let synced: Promise<unknown> = Promise.resolve()
  const fail = (error: unknown) => {
    if (failed) return
    failed = true
    options.onFailure?.(
      isDiskFull(error) ? failures.logDiskFull(options.folder) : failures.internal(toFailure(error).message),
    )
  }
  const emit: Emit = (body) => {
    const last = body.type === 'session.finished'
    if (failed && !last) return
    try {
      const event = stamped(body, events.length + 1, (options.now ?? (() => new Date()))(), redactor())
      const line = `${JSON.stringify(event)}\n`
      if (Buffer.byteLength(line) > maxLineBytes)
        throw new Error(`An event of type ${body.type} is too large to be kept.`)
      lines.append(line, last)
      events.push(event)
      if (endsSomething(body)) synced = synced.then(() => sync(fd)).catch(fail)
      options.onEvent?.(event)
    } catch (error) {
      fail(error)
    }
  }
  const flush = async () => {
    await synced
  }
  return { emit, events, flush, close: () => flush().then(() => closeSync(fd)) }
}

/** The events of whole lines; what stands behind the last line end is cut off. */
function repaired(file: string, fd: number): readonly Event[] {
  const bytes = readFileSync(file)
  const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1)
  if (whole.length < bytes.length) ftruncateSync(fd, whole.length)
  return parseEventLines(file, whole.toString('utf8'), 0)
}

function stamped(body: EventBody, seq: number, now: Date, redactor: Redactor): Event {
  const { type, ...rest } = EventBody.parse(body)
  const clean = EventBody.parse({ type, ...redactor.value(rest) })
  return { v: 1, seq, time: now.toISOString(), ...clean }
}

function endsSomething({ type }: EventBody): boolean {
  return (
    type === 'stage.finished' ||
    type.startsWith('session.') ||
    type.startsWith('review.') ||
    type === 'branch.pushing' ||
    type === 'branch.pushed'
  )
}

/** Appends whole lines or nothing: where one does not fit, what was written of it is taken back. */
function lineWriter(folder: string, fd: number) {
  let size = readFileSync(sessionFiles.events(folder)).length
  const write = (bytes: Buffer) => {
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      size += bytes.length
    } catch (error) {
      ftruncateSync(fd, size)
      throw error
    }
  }
  const append = (line: string, last: boolean) => {
    if (last) rmSync(sessionFiles.reserve(folder), { force: true })
    write(Buffer.from(line))
  }
  return { append }
}
