import type { Outcome } from '../events.ts'
import type { CampaignEventBody, JobOutcome } from './events.ts'
import type { JobState } from './state.ts'

/** Ended by a word of the campaign's own: what a session of it came to changes nothing. */
const withoutSession: ReadonlySet<JobOutcome> = new Set(['gave-up', 'no-money', 'not-started'])

/**
 * What became of an ended job's session since, as the campaign's log tells it: a person published it, or its pull
 * request was merged. Undefined where the log knows. `pullRequest`: its address.
 */
export function seenOf(
  { job, status, session, outcome, pullRequest }: JobState,
  now: { readonly outcome: Outcome | null; readonly pullRequest: string | null },
): CampaignEventBody | undefined {
  if (status !== 'ended' || session === null || now.outcome === null) return undefined
  if (outcome !== null && withoutSession.has(outcome)) return undefined
  if (now.outcome === outcome && now.pullRequest === pullRequest) return undefined
  return {
    ...{ type: 'job.seen', key: job.key, session, outcome: now.outcome },
    ...(now.pullRequest === null ? {} : { pullRequest: now.pullRequest }),
  }
}
