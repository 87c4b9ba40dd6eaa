import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, relative } from 'node:path'
import type { Outcome } from '../contract/events.ts'
import { DrydockError, type Failure, toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { isDiskFull } from '../store/files.ts'
import { engineFault } from './docker/lost.ts'

export interface FailedEnding {
  readonly outcome: Outcome
  readonly reason: string
  readonly failure: Failure
}

/**
 * How a session ends whose work threw. Whoever cancelled it, or found its log full, did so before: what breaks in
 * consequence, whatever it says of itself, is not the reason.
 */
export function endingOf(error: unknown, signal: AbortSignal, home: string): FailedEnding {
  const failure = signal.aborted ? reasonOf(signal) : failureOf(error, home)
  const outcomes: Partial<Record<Failure['code'], Outcome>> = {
    cancelled: 'cancelled',
    'budget-exceeded': 'budget-exceeded',
    // What broke was found: the set-up is not at fault.
    'repair-needs-key': 'verification-failed',
    'repair-needs-model': 'verification-failed',
    'model-declined': 'verification-failed',
    // In the middle of a repair: nothing is said of the change by that.
    'model-unavailable': 'interrupted',
    'model-refused': 'interrupted',
  }
  return { outcome: outcomes[failure.code] ?? 'setup-failed', reason: failure.message, failure }
}

function reasonOf({ reason }: AbortSignal): Failure {
  return reason instanceof DrydockError ? reason.failure : failures.cancelled().failure
}

/**
 * Any thrown value as a failure, faults of the world under their own names: a full disk, a place that cannot be
 * written, an engine that is gone. Every other connection names its own failure. `home`: Drydock's own folder.
 */
export function failureOf(error: unknown, home: string): Failure {
  if (isDiskFull(error)) return failures.logDiskFull(fullDisk(error, home)).failure
  // An engine that never answered was not lost in mid-run.
  if (error instanceof DrydockError && error.failure.code === 'engine-not-found') return error.failure
  return (engineFault(error) ?? unusable(error, home))?.failure ?? toFailure(error)
}

/** Room that a write surely needs; less is a full disk. */
const smallestRoom = 64 * 1024

/** A place on the disk that is full: the error of an opened file does not say which it was. */
function fullDisk(error: unknown, home: string): string {
  const { path } = error as NodeJS.ErrnoException
  if (path !== undefined && isAbsolute(path)) return dirname(path)
  return [home, tmpdir()].find((place) => roomAt(place) < smallestRoom) ?? home
}

function roomAt(place: string): number {
  try {
    const { bavail, bsize } = statfsSync(place)
    return bavail * bsize
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

const notWritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR'])

/** A place of our own that somebody made unusable. */
function unusable(error: unknown, home: string): DrydockError | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, path } = error as NodeJS.ErrnoException
  if (code === undefined || path === undefined || !notWritable.has(code)) return undefined
  return relative(home, path).startsWith('..') ? undefined : failures.homeUnusable(home, error.message)
}
