import { z } from 'zod'
import { SessionId } from '../task.ts'
import { groupings, spans } from './choices.ts'
import { type CountedOutcome, countedOutcome, countedOutcomes, type SessionFacts } from './facts.ts'
import type { Figures } from './figures.ts'
import { type Group, groupOf, statisticsOf } from './statistics.ts'

/** What the page of statistics is to show. */
export const Shown = z.strictObject({
  span: z.enum(spans),
  by: z.enum(groupings),
  /** One of the groups, and one of the outcomes: only their sessions count. */
  group: z.string().max(2000).nullable(),
  outcome: z.enum(countedOutcomes).nullable(),
})
export type Shown = z.infer<typeof Shown>

/** All that the page of statistics may ask of the extension; it shows names of packages, so nothing else is heard. */
export const StatisticsMessage = z.discriminatedUnion('type', [
  /** `fresh`: sessions are looked at again. */
  z.strictObject({ type: z.literal('show'), shown: Shown, fresh: z.boolean() }),
  z.strictObject({ type: z.literal('open'), session: SessionId }),
])
export type StatisticsMessage = z.infer<typeof StatisticsMessage>

export interface DashboardSession {
  readonly id: string
  readonly title: string
  readonly repository: string
  readonly outcome: CountedOutcome
  readonly costUsd: number
  readonly createdAt: string
}

/** Everything that the page shows at one time. */
export interface Dashboard {
  readonly type: 'statistics'
  readonly shown: Shown
  readonly all: Figures
  readonly weeks: readonly Group[]
  /** Of every session in the span, whichever of them is chosen. */
  readonly groups: readonly Group[]
  /** The newest ones; `matching` of them there are. */
  readonly sessions: readonly DashboardSession[]
  readonly matching: number
  readonly reruns: number
  readonly imported: number
  readonly damaged: number
}

/** The sessions could not be read. */
export interface StatisticsFailed {
  readonly type: 'failed'
  readonly text: string
}

const most = { sessions: 200, groups: 500 } as const
const dayMs = 86_400_000

/** The page's content for what is asked, from the facts of every session. */
export function dashboardOf(
  { facts, damaged }: { readonly facts: readonly SessionFacts[]; readonly damaged: readonly string[] },
  shown: Shown,
  now: Date,
): Dashboard {
  const { span, by, group, outcome } = shown
  const days = span === 'all' ? undefined : Number(span.slice(0, -1))
  const since = days === undefined ? '' : new Date(now.getTime() - days * dayMs).toISOString()
  const inSpan = facts.filter(({ createdAt }) => createdAt >= since)
  const chosen = inSpan.filter(
    (one) =>
      (group === null || groupOf(one, by) === group) && (outcome === null || countedOutcome(one) === outcome),
  )
  const { all, groups: weeks, reruns, imported } = statisticsOf(chosen, 'week', facts)
  return {
    ...{ type: 'statistics', shown, all, weeks, reruns, imported, damaged: damaged.length },
    groups: statisticsOf(inSpan, by, facts).groups.slice(0, most.groups),
    sessions: chosen.slice(-most.sessions).toReversed().map(rowOf),
    matching: chosen.length,
  }
}

function rowOf(facts: SessionFacts): DashboardSession {
  const { id, title, repository, costUsd, createdAt } = facts
  return { id, title, repository, outcome: countedOutcome(facts), costUsd, createdAt }
}
