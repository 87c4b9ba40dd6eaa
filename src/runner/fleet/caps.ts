import { ofCampaignAndDay, ofOrganisation, sessionUsd } from '../../contract/fleet/spending.ts'
import type { CampaignState, JobState } from '../../contract/fleet/state.ts'
import { money } from '../../contract/money.ts'

/**
 * Whether a session's whole budget can be set aside: `wait` where sessions that run may leave enough of theirs,
 * otherwise why there is none.
 */
export type Affordable = 'yes' | 'wait' | { readonly why: string }

/** `others`: campaigns of the same home, which spend of the same day. */
export function affordable(
  state: CampaignState,
  { job }: JobState,
  others: readonly CampaignState[],
  now: Date,
): Affordable {
  const usd = sessionUsd(state.campaign)
  const caps = [
    ...ofCampaignAndDay(state, others, now),
    ...(job.organisation === undefined ? [] : [ofOrganisation(state, job.organisation)]),
  ]
  let answer: Affordable = 'yes'
  for (const { of, capUsd: cap, spentUsd: spent, running } of caps) {
    if (cap === undefined) continue
    if (spent + usd > cap + 1e-9)
      return {
        why: `${money(spent)} of ${money(cap)} for ${of} are spent, and a session may cost ${money(usd)}.`,
      }
    if (spent + (running + 1) * usd > cap + 1e-9) answer = 'wait'
  }
  return answer
}

/** When the next pull request may be opened, ms from now; a bucket that leaks `perHour` drops in an hour. */
export function untilDrop(published: readonly string[], perHour: number, now: Date): number {
  const last = Math.max(0, ...published.map((time) => Date.parse(time)))
  return Math.max(0, last + 3_600_000 / perHour - now.getTime())
}
