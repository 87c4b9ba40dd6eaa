import { seenOf } from '../../contract/fleet/seen.ts'
import { type CampaignState, campaignAfter } from '../../contract/fleet/state.ts'
import type { SessionSummary } from '../sessions/summary.ts'

/**
 * A campaign with what became of its sessions on this machine since: its own log learns that when a command of the
 * campaign runs next, and nobody is to be shown what is over.
 */
export function withSessions(
  state: CampaignState,
  sessions: ReadonlyMap<string, SessionSummary>,
): CampaignState {
  let now = state
  for (const one of state.jobs) {
    const summary = one.session === null ? undefined : sessions.get(one.session)
    // A log that is damaged or not read yet says nothing.
    if (summary === undefined || summary.state === 'damaged') continue
    const body = seenOf(one, summary)
    if (body !== undefined) now = campaignAfter(now, { v: 1, time: summary.updatedAt, ...body })
  }
  return now === state ? state : { ...now, updatedAt: latest(now.updatedAt, state.updatedAt) }
}

function latest(a: string, b: string): string {
  return a > b ? a : b
}
