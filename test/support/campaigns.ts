import { Campaign } from '../../src/contract/fleet/campaign.ts'
import type { CampaignEventBody, Job } from '../../src/contract/fleet/events.ts'
import { type CampaignState, campaignState, type JobState } from '../../src/contract/fleet/state.ts'

const time = '2026-01-02T03:04:05.000Z'

/** A campaign file's value: an update of uuid, with what a test wants otherwise. */
export function campaignFile(changes: object = {}): Campaign {
  return Campaign.parse({ name: 'uuid', update: 'uuid@9', repositories: ['a'], ...changes })
}

export function campaignJob(at: number, changes: Partial<Job> = {}): Job {
  return {
    key: at.toString(16).padStart(16, '0'),
    repository: `acme/app-${at}`,
    place: { path: `/repos/app-${at}` },
    baseCommit: 'a'.repeat(40),
    priority: 0,
    ...changes,
  }
}

/** The state after a campaign was made, planned with the jobs given, and what happened then. */
export function campaignOf(
  changes: object = {},
  jobs: readonly Job[] = [],
  more: readonly CampaignEventBody[] = [],
): CampaignState {
  const first: readonly CampaignEventBody[] = [
    { type: 'campaign.created', campaign: campaignFile(changes), runner: 'test' },
    { type: 'campaign.planned', jobs: [...jobs], unreachable: [] },
  ]
  return campaignState([...first, ...more].map((body) => ({ v: 1 as const, time, ...body })))
}

/** Jobs one after another, each with what is different of it. */
export function jobStates(changes: readonly Partial<JobState>[]): JobState[] {
  const { jobs } = campaignOf(
    {},
    changes.map((_, at) => campaignJob(at)),
  )
  return jobs.map((one, at) => ({ ...one, ...changes[at] }))
}
