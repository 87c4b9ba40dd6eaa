import { Settings } from '../settings.ts'
import type { Campaign } from './campaign.ts'
import type { CampaignState, JobState } from './state.ts'

/** What counts against one cap, US dollars. */
export interface Spending {
  /** Whose cap it is: `the campaign`, a UTC day, an organisation. */
  readonly of: string
  readonly spentUsd: number
  /** Sessions that may still spend all of their own. */
  readonly running: number
  /** Undefined where none is set. */
  readonly capUsd: number | undefined
}

/** What one session may cost at most. */
export function sessionUsd({ settings }: Campaign): number {
  return Settings.parse(settings).budgetUsd
}

/** `others`: campaigns of the same home, which spend of the same day. */
export function ofCampaignAndDay(
  { campaign, jobs }: CampaignState,
  others: readonly CampaignState[],
  now: Date,
): readonly Spending[] {
  const today = now.toISOString().slice(0, 10)
  const ofDay = [...jobs, ...others.flatMap((other) => other.jobs)]
  const ended = ofDay.filter(({ endedAt }) => endedAt?.startsWith(today) ?? false)
  return [
    { of: 'the campaign', capUsd: campaign.limits.campaignUsd, ...sumOf(jobs, jobs) },
    { of: today, capUsd: campaign.limits.dayUsd, ...sumOf(ended, ofDay) },
  ]
}

export function ofOrganisation({ campaign, jobs }: CampaignState, organisation: string): Spending {
  const own = jobs.filter(({ job }) => job.organisation === organisation)
  return { of: organisation, capUsd: campaign.limits.organisationUsd, ...sumOf(own, own) }
}

/** Against every cap that the campaign has, those of its organisations last. */
export function spendingOf(
  state: CampaignState,
  others: readonly CampaignState[],
  now: Date,
): readonly Spending[] {
  const { limits } = state.campaign
  const names = new Set(state.jobs.flatMap(({ job }) => job.organisation ?? []))
  const organisations = limits.organisationUsd === undefined ? [] : [...names].toSorted()
  return [
    ...ofCampaignAndDay(state, others, now),
    ...organisations.map((name) => ofOrganisation(state, name)),
  ].filter(({ capUsd }) => capUsd !== undefined)
}

function sumOf(paid: readonly JobState[], all: readonly JobState[]) {
  return {
    spentUsd: paid.reduce((sum, { costUsd }) => sum + costUsd, 0),
    running: all.filter(({ status }) => status === 'running').length,
  }
}
