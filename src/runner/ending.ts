import type { Outcome } from '../contract/events.ts'
import { DrydockError, type Failure, toFailure } from '../contract/failure.ts'
import { failures } from '../contract/failures.ts'
import { isDiskFull } from './log/files.ts'

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
  const failure = signal.aborted ? reasonOf(signal) : named(error, home)
  const outcomes: Partial<Record<Failure['code'], Outcome>> = {
    cancelled: 'cancelled',
    'budget-exceeded': 'budget-exceeded',
  }
  return { outcome: outcomes[failure.code] ?? 'setup-failed', reason: failure.message, failure }
}

function reasonOf({ reason }: AbortSignal): Failure {
  return reason instanceof DrydockError ? reason.failure : failures.cancelled().failure
}

/** What Node says where the engine's socket is gone or breaks off; every other connection names its own failure. */
const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE'])

/** Faults of the world that reach the end under Node's own names. */
function named(error: unknown, home: string): Failure {
  if (error instanceof DrydockError || !(error instanceof Error)) return toFailure(error)
  if (isDiskFull(error)) return failures.logDiskFull(home).failure
  const { code, syscall } = error as NodeJS.ErrnoException
  const gone = code === 'ENOENT' && syscall === 'connect'
  if (gone || (code !== undefined && lost.has(code))) return failures.engineLost(error.message).failure
  return toFailure(error)
}
