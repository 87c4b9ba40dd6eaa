import { z } from 'zod'
import { heldByCanaries } from './stages.ts'
import type { CampaignState, JobState } from './state.ts'
import { failedJob } from './words.ts'

/** What a person may do with a whole campaign. `pass-canaries`: let the rest begin, whatever the first came to. */
export const CampaignAction = z.enum(['pause', 'resume', 'pass-canaries', 'cancel', 'retry'])
export type CampaignAction = z.infer<typeof CampaignAction>

/**
 * Those that are possible now and change something. `atWork`: a process of this machine runs the campaign, or workers
 * do; where nobody does, it goes on when somebody resumes it.
 */
export function campaignActions(state: CampaignState, atWork: boolean): readonly CampaignAction[] {
  if (state.cancelled) return []
  const { paused, jobs } = state
  const held = heldByCanaries(state)
  const begins = jobs.some(({ status }) => status === 'waiting')
  const runs = jobs.some(({ status }) => status === 'running')
  const more = begins || publishesMore(state)
  const stopped = !atWork && (more || runs)
  return [
    ...(atWork && more && !paused && !held ? (['pause'] as const) : []),
    ...((paused && more) || (stopped && !held) ? (['resume'] as const) : []),
    ...(held && begins ? (['pass-canaries'] as const) : []),
    ...(jobs.some(failedJob) ? (['retry'] as const) : []),
    ...(begins || runs ? (['cancel'] as const) : []),
  ]
}

/** Whether anything of it would be published without a person. */
function publishesMore({ campaign, jobs }: CampaignState): boolean {
  const bySelf = ({ outcome, proven, refusal }: JobState): boolean =>
    outcome === 'awaiting-review' && proven === true && refusal === null
  return campaign.publish?.proven === true && jobs.some(bySelf)
}
