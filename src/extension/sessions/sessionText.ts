import { shownName } from '../../contract/shownText.ts'
import type { SessionSummary } from './summary.ts'

export type Group = 'running' | 'waiting' | 'done'

/** How a session is shown: a codicon with its theme colour, the words beside it, and its kind for menus. */
export interface SessionText {
  readonly title: string
  readonly description: string
  readonly tooltip: string
  readonly icon: string
  readonly color?: string
  readonly menu: 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'interrupted' | 'damaged'
  readonly group: Group
}

type Looks = Pick<SessionText, 'icon' | 'color' | 'menu'> & { readonly word: string }

const red = 'testing.iconFailed'
const green = 'testing.iconPassed'
const yellow = 'list.warningForeground'

const outcomes: Readonly<Record<NonNullable<SessionSummary['outcome']>, Looks>> = {
  'awaiting-review': { icon: 'eye', color: yellow, menu: 'waiting', word: 'waiting for review' },
  published: { icon: 'git-pull-request', color: green, menu: 'done', word: 'pull request opened' },
  merged: { icon: 'git-merge', color: green, menu: 'done', word: 'merged' },
  closed: { icon: 'git-pull-request-closed', menu: 'done', word: 'closed' },
  rejected: { icon: 'circle-slash', menu: 'failed', word: 'rejected' },
  'up-to-date': { icon: 'pass', color: green, menu: 'done', word: 'up to date' },
  vetoed: { icon: 'law', color: red, menu: 'failed', word: 'vetoed by the judge' },
  'verification-failed': { icon: 'error', color: red, menu: 'failed', word: 'verification failed' },
  'turn-limit': { icon: 'error', color: red, menu: 'failed', word: 'turn limit reached' },
  'cannot-repair': { icon: 'error', color: red, menu: 'failed', word: 'the agent gave up' },
  'budget-exceeded': { icon: 'error', color: red, menu: 'failed', word: 'budget spent' },
  cancelled: { icon: 'stop-circle', menu: 'failed', word: 'cancelled' },
  interrupted: { icon: 'debug-disconnect', color: yellow, menu: 'interrupted', word: 'interrupted' },
  'setup-failed': { icon: 'tools', color: red, menu: 'failed', word: 'could not be set up' },
}

/** Outcomes that a person has to look at: the session did not give what it was asked for. */
export function needsAttention({ state, outcome }: SessionSummary): boolean {
  if (state === 'interrupted') return true
  return (
    outcome !== null &&
    outcome !== 'cancelled' &&
    outcome !== 'rejected' &&
    outcomes[outcome].menu === 'failed'
  )
}

export function sessionText(summary: SessionSummary, now: number): SessionText {
  const { word, ...looks } = looksOf(summary)
  const title = shownName(summary.title)
  const description = describe(summary, word, now)
  return { title, description, tooltip: tooltip(summary, title, word), ...looks, group: groupOf(summary) }
}

export function groupOf({ state }: SessionSummary): Group {
  if (state === 'queued' || state === 'running') return 'running'
  return state === 'waiting' ? 'waiting' : 'done'
}

function looksOf({ state, outcome, stage }: SessionSummary): Looks {
  if (state === 'queued') return { icon: 'watch', menu: 'queued', word: 'waiting for a free slot' }
  if (state === 'running') return { icon: 'sync~spin', menu: 'running', word: stage ?? 'at work' }
  if (state === 'damaged') return { icon: 'warning', color: yellow, menu: 'damaged', word: 'log is damaged' }
  if (state === 'waiting' && stage !== null) return { icon: 'sync~spin', menu: 'running', word: stage }
  return outcomes[state === 'interrupted' || outcome === null ? 'interrupted' : outcome]
}

const proofWords: Readonly<Record<NonNullable<SessionSummary['standing']>, string | undefined>> = {
  tests: undefined,
  steps: 'green without a test',
  red: 'not green',
  'not verified': 'not verified',
}

/** `Repair, attempt 1 · turn 3 of 10 · $0.12 · 2 min` */
function describe(summary: SessionSummary, word: string, now: number): string {
  const { state, attempt, turns, maxTurns, costUsd, standing, judged, openWarnings } = summary
  const running = state === 'running' || state === 'queued'
  const review = [
    proofWords[standing ?? 'not verified'],
    judged ? undefined : 'not judged',
    openWarnings === 0 ? undefined : `${openWarnings} ${openWarnings === 1 ? 'warning' : 'warnings'}`,
  ]
  const parts = [
    state === 'waiting' && summary.stage === null ? undefined : word,
    ...(state === 'waiting' ? review : []),
    running && attempt > 0 ? `turn ${turns} of ${maxTurns}` : undefined,
    costUsd > 0 ? `$${costUsd.toFixed(2)}` : undefined,
    age(running ? summary.createdAt : summary.updatedAt, now),
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

function tooltip(
  { id, root, reason, pullRequest, createdAt }: SessionSummary,
  title: string,
  word: string,
): string {
  const lines = [
    title,
    word,
    reason === null ? undefined : shownName(reason),
    pullRequest === null ? undefined : shownName(pullRequest),
    root === '' ? undefined : shownName(root),
    `${id} · started ${createdAt.slice(0, 16).replace('T', ' ')} UTC`,
  ]
  return lines.filter((line) => line !== undefined).join('\n')
}

const minute = 60_000

export function age(time: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(time)) / minute))
  if (minutes < 1) return 'now'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h`
  const days = Math.floor(hours / 24)
  return days < 60 ? `${days} d` : `${Math.floor(days / 30)} mo`
}
