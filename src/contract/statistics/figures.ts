import type { Outcome, StageName } from '../events.ts'
import { type CountedOutcome, countedOutcome, type SessionFacts } from './facts.ts'
import { type Share, shareOf } from './interval.ts'
import { healthyVetoes } from './vetoBand.ts'

/** The figures of one set of sessions. Means are null where nothing was counted. */
export interface Figures {
  readonly sessions: number
  readonly outcomes: Readonly<Partial<Record<CountedOutcome, number>>>
  /** Of the sessions that a judge looked at. */
  readonly vetoes: Share
  readonly vetoBand: 'low' | 'healthy' | 'high' | 'unknown'
  /** Vetoed sessions that a person had tried again, and that were then published: of all vetoes. */
  readonly vetoesOverturned: Share
  /** Of the sessions that the judge approved, those that a person rejected. */
  readonly approvalsRejected: Share
  /** Of the pull requests whose fate is known. */
  readonly merged: Share
  readonly pullRequests: number
  /** Of the sessions in which an agent was asked, those whose checks it turned green. */
  readonly repaired: Share
  /** The same after the first attempt, the second, and so on. */
  readonly repairedBy: readonly Share[]
  /** Of the sessions in which a codemod was tried, those that it repaired: no agent was asked in these. */
  readonly codemods: Share
  readonly turns: number | null
  readonly tokens: number | null
  readonly costUsd: number
  readonly costPerSession: number | null
  readonly costPerMerged: number | null
  readonly workMs: number | null
  /** Mean over the sessions that had the stage. */
  readonly stageMs: Readonly<Partial<Record<StageName, number>>>
  readonly cacheHits: Share
  readonly flakyTests: Share
  readonly flakySessions: Share
  /** Warnings that must be looked at, and of these what a person ticked and approved. */
  readonly falseAlarms: Share
}

/** `all`: every session there is, for what became of those that were tried again. */
export function figuresOf(group: readonly SessionFacts[], overturned: ReadonlySet<string>): Figures {
  const judged = group.filter(({ verdict }) => verdict === 'approve' || verdict === 'veto')
  const vetoed = judged.filter(({ verdict }) => verdict === 'veto')
  const approved = judged.filter(({ verdict }) => verdict === 'approve')
  const merged = count(group, ({ outcome }) => outcome === 'merged')
  const costUsd = sum(group, (one) => one.costUsd)
  const vetoes = shareOf(vetoed.length, judged.length)
  return {
    sessions: group.length,
    outcomes: outcomesOf(group),
    ...{ vetoes, vetoBand: bandOf(vetoes) },
    vetoesOverturned: shareOf(
      count(vetoed, ({ id }) => overturned.has(id)),
      vetoed.length,
    ),
    approvalsRejected: shareOf(
      count(approved, ({ outcome }) => outcome === 'rejected'),
      approved.length,
    ),
    merged: shareOf(merged, merged + count(group, ({ outcome }) => outcome === 'closed')),
    pullRequests: count(group, ({ pullRequest }) => pullRequest),
    ...repairsOf(group),
    ...{ turns: mean(group.filter(asked), (one) => one.turns), tokens: mean(group, (one) => one.tokens) },
    ...{ costUsd, costPerSession: ratio(costUsd, group.length), costPerMerged: ratio(costUsd, merged) },
    ...{ workMs: mean(group, (one) => one.workMs), stageMs: stagesOf(group) },
    ...quality(group),
  }
}

type Repairs = Pick<Figures, 'repaired' | 'repairedBy' | 'codemods'>
type Quality = Pick<Figures, 'cacheHits' | 'flakyTests' | 'flakySessions' | 'falseAlarms'>

/** An agent that never got an answer of its model was not asked. */
const asked = ({ attempts, turns, repairedBy }: SessionFacts): boolean =>
  attempts > 0 && (turns > 0 || repairedBy !== null)

function repairsOf(group: readonly SessionFacts[]): Repairs {
  // What still runs, or was cancelled or killed, says nothing about the agent.
  const ended = group.filter((one) => asked(one) && !unfinished.has(one.outcome ?? 'interrupted'))
  const most = Math.max(0, ...ended.map(({ attempts }) => attempts))
  const by = (limit: number) =>
    shareOf(
      count(ended, ({ repairedBy }) => repairedBy !== null && repairedBy <= limit),
      ended.length,
    )
  const tried = group.filter(
    ({ codemod, outcome }) => codemod !== null && !unfinished.has(outcome ?? 'interrupted'),
  )
  return {
    codemods: shareOf(
      count(tried, ({ codemod }) => codemod === 'covered'),
      tried.length,
    ),
    repaired: by(Number.POSITIVE_INFINITY),
    repairedBy: Array.from({ length: Math.min(most, 10) }, (_, at) => by(at + 1)),
  }
}

const unfinished = new Set<Outcome>(['interrupted', 'cancelled', 'setup-failed'])

function quality(group: readonly SessionFacts[]): Quality {
  const tested = group.filter(({ tests }) => tests > 0)
  return {
    cacheHits: shareOf(
      sum(group, ({ cached }) => cached),
      sum(group, ({ cacheable }) => cacheable),
    ),
    flakyTests: shareOf(
      sum(tested, ({ flaky }) => flaky),
      sum(tested, ({ tests }) => tests),
    ),
    flakySessions: shareOf(
      count(tested, ({ flaky }) => flaky > 0),
      tested.length,
    ),
    falseAlarms: shareOf(
      sum(group, ({ ticked }) => ticked),
      sum(group, ({ alarms }) => alarms),
    ),
  }
}

function outcomesOf(group: readonly SessionFacts[]): Figures['outcomes'] {
  const outcomes: Partial<Record<CountedOutcome, number>> = {}
  for (const name of group.map(countedOutcome)) outcomes[name] = (outcomes[name] ?? 0) + 1
  return Object.fromEntries(Object.entries(outcomes).toSorted(([, a], [, b]) => b - a))
}

function stagesOf(group: readonly SessionFacts[]): Figures['stageMs'] {
  const times: Partial<Record<string, { total: number; sessions: number }>> = {}
  for (const { stageMs } of group)
    for (const [name, ms] of Object.entries(stageMs)) {
      const before = times[name] ?? { total: 0, sessions: 0 }
      times[name] = { total: before.total + ms, sessions: before.sessions + 1 }
    }
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, one]) =>
      one === undefined ? [] : [[name, one.total / one.sessions]],
    ),
  )
}

function bandOf({ rate, whole }: Share): Figures['vetoBand'] {
  // Of a handful of verdicts a share says nothing.
  if (rate === null || whole < 8) return 'unknown'
  return rate < healthyVetoes.low ? 'low' : rate > healthyVetoes.high ? 'high' : 'healthy'
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.reduce((found, item) => (holds(item) ? found + 1 : found), 0)
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function mean<T>(items: readonly T[], of: (item: T) => number): number | null {
  return ratio(sum(items, of), items.length)
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
