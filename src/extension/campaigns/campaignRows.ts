import { campaignTask } from '../../contract/fleet/campaign.ts'
import { jobStanding } from '../../contract/fleet/report.ts'
import { standingWords } from '../../contract/fleet/stages.ts'
import type { JobState } from '../../contract/fleet/state.ts'
import { failedJob } from '../../contract/fleet/words.ts'
import { money } from '../../contract/money.ts'
import { shownName } from '../../contract/shownText.ts'
import type { Tone } from '../../contract/states/tone.ts'
import { sessionText } from '../sessions/sessionText.ts'
import type { SessionSummary } from '../sessions/summary.ts'
import { type CampaignEntry, isKnown } from './campaignStore.ts'
import { withSessions } from './withSessions.ts'

/** Rows that a campaign has at first; asked for more, it has twice as many. */
export const firstRepositories = 50

interface Looks {
  /** A codicon. */
  readonly icon: string
  /** A theme colour. */
  readonly color?: string
}

export interface RowText extends Looks {
  readonly title: string
  readonly description: string
  readonly tooltip: string
}

/** One repository, or a place that gave none. */
export interface RepositoryRow {
  readonly key: string
  /** Whose log is on this machine: it can be opened. */
  readonly session: string | undefined
  readonly text: RowText
}

export interface CampaignRows {
  readonly name: string
  readonly text: RowText
  /** Those that somebody should look at come first. */
  readonly rows: readonly RepositoryRow[]
  /** How many have no row. */
  readonly hidden: number
}

const looks: Readonly<Record<Tone, Looks>> = {
  busy: { icon: 'sync~spin' },
  bad: { icon: 'error', color: 'testing.iconFailed' },
  warn: { icon: 'warning', color: 'list.warningForeground' },
  good: { icon: 'pass', color: 'testing.iconPassed' },
  plain: { icon: 'circle-outline' },
}
const order: readonly Tone[] = ['busy', 'bad', 'warn', 'good', 'plain']

/** What the tree shows of one campaign. `most`: rows at most; `now`: ages are told from here, ms. */
export function campaignRows(
  entry: CampaignEntry,
  sessions: ReadonlyMap<string, SessionSummary>,
  { most, now }: { readonly most: number; readonly now: number },
): CampaignRows {
  const { name } = entry
  if (!isKnown(entry)) {
    const text = { title: name, description: 'log is damaged', tooltip: shownName(entry.problem) }
    return { name, text: { ...text, ...looks.warn }, rows: [], hidden: 0 }
  }
  const state = withSessions(entry.state, sessions)
  const places = state.unreachable.map(({ place, failure }, at) => placeRow(place, failure.message, at))
  const jobs = state.jobs.toSorted((a, b) => rankOf(a) - rankOf(b))
  const shown = jobs.slice(0, Math.max(0, most - places.length))
  return {
    name,
    text: campaignText({ ...entry, state }),
    rows: [
      ...places.slice(0, most),
      ...shown.map((one) => repositoryRow(one, sessions.get(one.session ?? ''), now)),
    ],
    hidden: jobs.length + places.length - Math.min(places.length, most) - shown.length,
  }
}

/** Running, failed, waiting for a person, done, not begun. */
function rankOf(one: JobState): number {
  return order.indexOf(jobStanding(one).tone)
}

function campaignText({ state, atWork }: { readonly state: JobCounts; readonly atWork: boolean }): RowText {
  const { jobs, campaign, costUsd } = state
  const ended = jobs.filter(({ status }) => status === 'ended').length
  const failed = jobs.filter(failedJob).length
  const standing = standingWords(state)
  const open = !state.cancelled && !state.paused && ended < jobs.length
  const words = [
    open && !atWork && standing.waitsFor === undefined ? 'nobody is at work on it' : standing.short,
    `${ended} of ${jobs.length}`,
    failed > 0 ? `${failed} failed` : undefined,
    costUsd > 0 ? money(costUsd) : undefined,
  ]
  const waits = standing.waitsFor === undefined ? undefined : `waits for ${standing.waitsFor}`
  const lines = [shownName(campaignTask(campaign)), standing.long, waits]
  return {
    title: campaign.name,
    description: words.filter((word) => word !== undefined).join(' · '),
    tooltip: lines.filter((line) => line !== undefined).join('\n'),
    ...looksOf(state, atWork),
  }
}

type JobCounts = Parameters<typeof standingWords>[0]

function looksOf(state: JobCounts, atWork: boolean): Looks {
  const open = state.jobs.some(({ status }) => status !== 'ended')
  if (state.cancelled) return { icon: 'stop-circle' }
  if (state.paused && open) return { icon: 'debug-pause' }
  if (standingWords(state).waitsFor !== undefined || (open && !atWork)) return looks.warn
  if (open) return looks.busy
  return state.jobs.some(failedJob) ? looks.bad : looks.good
}

function repositoryRow(one: JobState, summary: SessionSummary | undefined, now: number): RepositoryRow {
  const { job, canary, session, reason, costUsd } = one
  const { state, tone } = jobStanding(one)
  const text = summary === undefined ? undefined : sessionText(summary, now)
  const elsewhere = session !== null && summary === undefined ? 'on another machine' : undefined
  const words = [
    one.status === 'running' && summary?.stage ? summary.stage : state,
    canary ? 'canary' : undefined,
    costUsd > 0 ? money(costUsd) : undefined,
    elsewhere,
  ]
  const own = one.status === 'ended' && text !== undefined
  const lines = [
    shownName(job.repository),
    reason === null || tone === 'good' ? undefined : shownName(reason),
    one.refusal === null ? undefined : `not published: ${shownName(one.refusal)}`,
    one.pullRequest === null ? undefined : shownName(one.pullRequest),
    session ?? undefined,
  ]
  return {
    key: job.key,
    session: summary?.id,
    text: {
      title: shownName(job.repository),
      description: words.filter((word) => word !== undefined).join(' · '),
      tooltip: lines.filter((line) => line !== undefined).join('\n'),
      ...(own
        ? { icon: text.icon, ...(text.color === undefined ? {} : { color: text.color }) }
        : looks[tone]),
    },
  }
}

function placeRow(place: string, why: string, at: number): RepositoryRow {
  const title = shownName(place)
  const text = { title, description: 'not reached', tooltip: `${title}\n${shownName(why)}` }
  return { key: `place.${at}`, session: undefined, text: { ...text, ...looks.bad } }
}
