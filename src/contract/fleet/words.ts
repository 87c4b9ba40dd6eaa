import type { JobOutcome } from './events.ts'
import type { JobState } from './state.ts'

/** Outcomes that leave nothing to mend: a person decides, decided, or there was nothing to do. */
const fine: ReadonlySet<JobOutcome> = new Set([
  ...(['awaiting-review', 'published', 'merged', 'up-to-date', 'rejected', 'closed'] as const),
])

/** Whether a job ended otherwise than it was meant to, so that somebody has to look at it. */
export function failedJob({ status, outcome }: JobState): boolean {
  return status === 'ended' && outcome !== null && !fine.has(outcome)
}
