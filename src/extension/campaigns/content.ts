import { campaignActions } from '../../contract/fleet/actions.ts'
import type { CampaignSaid, CampaignShown } from '../../contract/fleet/page.ts'
import { campaignReport, type SessionPart, sessionPart } from '../../contract/fleet/report.ts'
import { failedJob } from '../../contract/fleet/words.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { SessionSummary } from '../sessions/summary.ts'
import { type CampaignStore, isKnown } from './campaignStore.ts'
import { withSessions } from './withSessions.ts'

export interface ContentServices {
  readonly campaigns: Pick<CampaignStore, 'find' | 'list' | 'problem'>
  readonly sessions: () => readonly SessionSummary[]
  readonly load: (session: string) => Promise<SessionView>
}

/** What a campaign's page is told; one for each page, since it keeps what it read of sessions. */
export interface CampaignContent {
  of(name: string, pending: CampaignShown['pending']): Promise<CampaignSaid>
}

const readAtOnce = 16

export function campaignContent({ campaigns, sessions, load }: ContentServices): CampaignContent {
  const parts = new Map<string, { readonly updatedAt: string; readonly part: SessionPart | undefined }>()
  const read = async (due: readonly SessionSummary[]): Promise<void> => {
    for (let at = 0; at < due.length; at += readAtOnce)
      await Promise.all(
        due.slice(at, at + readAtOnce).map(async ({ id, updatedAt }) => {
          // One that cannot be read is one that nothing is known of.
          const part = await load(id).then(sessionPart, () => undefined)
          parts.set(id, { updatedAt, part })
        }),
      )
  }
  return {
    async of(name, pending) {
      const entry = campaigns.find(name)
      if (entry === undefined)
        return {
          type: 'trouble',
          kind: 'gone',
          text: campaigns.problem ?? `There is no campaign ${name} any more.`,
        }
      if (!isKnown(entry)) return { type: 'trouble', kind: 'unreadable', text: entry.problem }
      const all = new Map(sessions().map((one) => [one.id, one]))
      const state = withSessions(entry.state, all)
      const here = state.jobs.flatMap(({ session }) => (session === null ? [] : (all.get(session) ?? [])))
      // What runs says who made a change only when it has ended.
      const due = here.filter(
        ({ id, state: at, updatedAt }) => at !== 'running' && parts.get(id)?.updatedAt !== updatedAt,
      )
      await read(due)
      const known = here.flatMap(({ id }) => {
        const part = parts.get(id)?.part
        return part === undefined ? [] : [[id, part] as const]
      })
      const others = campaigns.list().flatMap((one) => (isKnown(one) && one.name !== name ? [one.state] : []))
      return {
        type: 'campaign',
        report: campaignReport(state, new Map(known), { others, now: new Date() }),
        actions: campaignActions(state, entry.atWork),
        here: Object.fromEntries(here.map(({ id, stage }) => [id, stage])),
        failed: state.jobs.filter(failedJob).length,
        pending,
      }
    },
  }
}
