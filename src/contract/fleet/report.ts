import { CodemodResult } from '../codemod.ts'
import type { SessionView } from '../sessionView.ts'
import type { Tone } from '../states/tone.ts'
import { states } from '../states/words.ts'
import { campaignTask } from './campaign.ts'
import type { JobOutcome } from './events.ts'
import { type Spending, spendingOf } from './spending.ts'
import { standingWords } from './stages.ts'
import { type CampaignState, isSessionOutcome, type JobState } from './state.ts'
import { failedJob } from './words.ts'

/** What a campaign's own log does not say of a session; missing where its log is on another machine. */
export interface SessionPart {
  readonly turns: number
  readonly attempts: number
  readonly codemod?: CodemodResult
  /** The package manager's change alone broke nothing. */
  readonly updateAlone: boolean
}

/** Of a session's view. */
export function sessionPart({ turns, attempts, codemod, patch }: SessionView): SessionPart {
  const tried = codemod === undefined ? {} : { codemod: codemod.result }
  return { turns, attempts: attempts.length, ...tried, updateAlone: patch?.source === 'update' }
}

/** Who made the change of a repository. `unknown`: its session's log is not on this machine. */
export type Means = 'update alone' | 'codemod' | 'codemod and agent' | 'agent' | 'unknown'

export interface ReportRow {
  readonly repository: string
  /** In a word, with its tone. */
  readonly state: string
  readonly tone: Tone
  readonly canary: boolean
  readonly session: string | null
  readonly means: Means | null
  readonly costUsd: number
  readonly reason: string
  /** Of the pull request, where it is one that a browser may open. */
  readonly url: string | null
}

export interface Cause {
  /** A failure's code, or the outcome. */
  readonly cause: string
  readonly repositories: readonly string[]
  /** The first one's words. */
  readonly example: string
  readonly next: string | null
}

/** How far a codemod carried: each session in which one was tried. */
export interface Carried {
  readonly tried: number
  readonly results: Readonly<Record<CodemodResult, number>>
  /** Sessions in which an agent was asked, whatever came before it. */
  readonly asked: number
  /** US dollars, in sessions that a codemod covered, and mean of those in which an agent was asked; null where there was none. */
  readonly coveredUsd: number
  readonly meanAskedUsd: number | null
}

export interface BurnPoint {
  readonly time: string
  /** Repositories that have not ended. */
  readonly left: number
}

/** All that a campaign's report says, before anybody draws it. Times are UTC, costs US dollars. */
export interface CampaignReport {
  readonly name: string
  readonly task: string
  readonly stage: string
  readonly waitsFor: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly repositories: number
  readonly ended: number
  readonly costUsd: number
  readonly capUsd: number | null
  /** What counts against each cap that is set: of the campaign, of the day, of each organisation. */
  readonly spending: readonly Spending[]
  readonly outcomes: readonly { readonly state: string; readonly tone: Tone; readonly count: number }[]
  readonly carried: Carried | null
  readonly causes: readonly Cause[]
  readonly unreachable: readonly { readonly place: string; readonly why: string }[]
  readonly burnDown: readonly BurnPoint[]
  readonly rows: readonly ReportRow[]
}

export interface Around {
  /** Other campaigns, which spend of the same day. */
  readonly others: readonly CampaignState[]
  readonly now: Date
}

/** `sessions`: what is known of each session beside the campaign's log. */
export function campaignReport(
  state: CampaignState,
  sessions: ReadonlyMap<string, SessionPart>,
  { others, now }: Around,
): CampaignReport {
  const { campaign, jobs, unreachable } = state
  const { long, waitsFor } = standingWords(state)
  const rows = jobs.map((one) => rowOf(one, one.session === null ? undefined : sessions.get(one.session)))
  return {
    name: campaign.name,
    task: campaignTask(campaign),
    stage: long,
    waitsFor: waitsFor ?? null,
    ...{ createdAt: state.createdAt, updatedAt: state.updatedAt },
    repositories: jobs.length,
    ended: jobs.filter(({ status }) => status === 'ended').length,
    ...{ costUsd: state.costUsd, capUsd: campaign.limits.campaignUsd ?? null },
    spending: spendingOf(state, others, now),
    outcomes: outcomesOf(rows),
    carried: carriedBy(jobs, sessions),
    causes: causesOf(jobs),
    unreachable: unreachable.map(({ place, failure }) => ({ place, why: failure.message })),
    burnDown: burnDownOf(state),
    rows,
  }
}

function rowOf(one: JobState, part: SessionPart | undefined): ReportRow {
  const { job, canary, session, costUsd, reason, pullRequest, status, outcome } = one
  const state = jobStanding(one)
  const url = pullRequest !== null && /^https?:\/\//.test(pullRequest) ? pullRequest : null
  return {
    ...{ repository: job.repository, ...state, canary, session, costUsd, url },
    means: status === 'ended' && outcome !== null && changed.has(outcome) ? meansOf(part) : null,
    // What a session waited for says nothing of what became of it later.
    reason: state.tone === 'good' ? '' : (reason ?? ''),
  }
}

/** Outcomes of sessions that made a change. */
const changed: ReadonlySet<JobOutcome> = new Set([
  ...([
    'awaiting-review',
    'published',
    'merged',
    'closed',
    'rejected',
    'vetoed',
    'verification-failed',
  ] as const),
])

const beside: Readonly<Record<string, readonly [string, Tone]>> = {
  'not-started': ['not begun', 'bad'],
  'no-money': ['no money left', 'bad'],
  'gave-up': ['its workers died', 'bad'],
}

/** A repository in a word, with its tone. Waiting is good only where tests stand for it. */
export function jobStanding({ status, outcome, proven }: JobState): {
  readonly state: string
  readonly tone: Tone
} {
  if (status === 'waiting') return { state: 'not begun yet', tone: 'plain' }
  if (status === 'running' || outcome === null) return { state: 'at work', tone: 'busy' }
  if (outcome === 'awaiting-review')
    return proven === true
      ? { state: 'waits for review', tone: 'good' }
      : { state: 'waits for review, no test proves it', tone: 'warn' }
  if (!isSessionOutcome(outcome)) {
    const [state, tone] = beside[outcome] ?? [outcome, 'bad']
    return { state, tone }
  }
  const { row, tone } = states[outcome]
  return { state: row, tone }
}

function meansOf(part: SessionPart | undefined): Means {
  if (part === undefined) return 'unknown'
  if (part.attempts > 0) return part.codemod === 'partly' ? 'codemod and agent' : 'agent'
  if (part.codemod === 'covered') return 'codemod'
  return part.updateAlone ? 'update alone' : 'unknown'
}

function outcomesOf(rows: readonly ReportRow[]): CampaignReport['outcomes'] {
  const found = new Map<string, { state: string; tone: Tone; count: number }>()
  for (const { state, tone } of rows) {
    const before = found.get(state) ?? { state, tone, count: 0 }
    found.set(state, { ...before, count: before.count + 1 })
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count)
}

function carriedBy(jobs: readonly JobState[], sessions: ReadonlyMap<string, SessionPart>): Carried | null {
  const known = jobs.flatMap(({ session, costUsd, status }) => {
    const part = session === null || status !== 'ended' ? undefined : sessions.get(session)
    return part === undefined ? [] : [{ ...part, costUsd }]
  })
  const tried = known.filter(({ codemod }) => codemod !== undefined)
  if (tried.length === 0) return null
  const results = Object.fromEntries(
    CodemodResult.options.map((result) => [result, tried.filter(({ codemod }) => codemod === result).length]),
  ) as Record<CodemodResult, number>
  const asked = known.filter(({ attempts }) => attempts > 0)
  const sum = (some: readonly { readonly costUsd: number }[]): number =>
    some.reduce((all, { costUsd }) => all + costUsd, 0)
  return {
    ...{ tried: tried.length, results, asked: asked.length },
    coveredUsd: sum(tried.filter(({ codemod }) => codemod === 'covered')),
    meanAskedUsd: asked.length === 0 ? null : sum(asked) / asked.length,
  }
}

/** What ended without what it was begun for, the most frequent cause first. */
function causesOf(jobs: readonly JobState[]): readonly Cause[] {
  const found = new Map<string, Cause>()
  for (const { job, outcome, failure, reason } of jobs.filter(failedJob)) {
    const cause = failure?.code ?? outcome ?? 'interrupted'
    const before = found.get(cause)
    found.set(cause, {
      cause,
      repositories: [...(before?.repositories ?? []), job.repository],
      example: before?.example ?? failure?.message ?? reason ?? '',
      next: before?.next ?? failure?.next ?? null,
    })
  }
  return [...found.values()].toSorted((a, b) => b.repositories.length - a.repositories.length)
}

/** From the campaign's beginning: how many were left after each end. */
function burnDownOf({ jobs, createdAt }: CampaignState): readonly BurnPoint[] {
  const ends = jobs.flatMap(({ endedAt }) => (endedAt === null ? [] : [endedAt])).toSorted()
  return [
    { time: createdAt, left: jobs.length },
    ...ends.map((time, at) => ({ time, left: jobs.length - at - 1 })),
  ]
}
