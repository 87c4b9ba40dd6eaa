import type { Outcome } from '../../contract/events.ts'
import type { FailureCode } from '../../contract/failure.ts'

/** What the command line says to a script; the table is in the README. */
export const exitCodes = {
  done: 0,
  refused: 2,
  vetoed: 3,
  notGreen: 4,
  setupFailed: 5,
  budget: 6,
  interrupted: 7,
  cancelled: 130,
} as const

const byOutcome: Record<Outcome, number> = {
  'awaiting-review': exitCodes.done,
  published: exitCodes.done,
  merged: exitCodes.done,
  closed: exitCodes.done,
  rejected: exitCodes.done,
  'up-to-date': exitCodes.done,
  vetoed: exitCodes.vetoed,
  'verification-failed': exitCodes.notGreen,
  'turn-limit': exitCodes.notGreen,
  'cannot-repair': exitCodes.notGreen,
  'budget-exceeded': exitCodes.budget,
  cancelled: exitCodes.cancelled,
  interrupted: exitCodes.interrupted,
  'setup-failed': exitCodes.setupFailed,
}

export function exitCodeOf(outcome: Outcome): number {
  return byOutcome[outcome]
}

/** What the machine lacks, and no other input would mend. */
const settingUp: ReadonlySet<FailureCode> = new Set([
  ...(['engine-not-found', 'engine-refused', 'engine-lost', 'image-build-failed'] as const),
  ...(['protection-missing', 'out-of-memory', 'disk-full', 'install-failed', 'no-key'] as const),
])

/** For a command that failed before or beside a session: the same as where a session ends by it. */
export function exitCodeOfFailure(code: FailureCode): number {
  if (code === 'cancelled') return exitCodes.cancelled
  return settingUp.has(code) ? exitCodes.setupFailed : exitCodes.refused
}
