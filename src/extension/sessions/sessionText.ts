import { money } from '../../contract/money.ts'
import { shownName } from '../../contract/shownText.ts'
import type { StateName } from '../../contract/states/state.ts'
import { hasFailingChecks, hasOpenThreads, type SessionSummary } from './summary.ts'

/** `attention`: it ended without what it was asked for. */
export type Group = 'running' | 'waiting' | 'attention' | 'done'

/** How a session is shown: a codicon with its theme colour, the words beside it, and its kind for menus. */
export interface SessionText {
  readonly title: string
  readonly description: string
  readonly tooltip: string
  readonly icon: string
  readonly color?: string
  readonly menu: 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'interrupted' | 'damaged'
  /** What else its menu offers, each with a plus before it: `+checks`, `+threads`, `+moved`. */
  readonly marks: string
  readonly group: Group
}

type Looks = Pick<SessionText, 'icon' | 'color' | 'menu'>

const red = 'testing.iconFailed'
const green = 'testing.iconPassed'
const yellow = 'list.warningForeground'

/** By the state that every other place names as well; what waits is told apart by what it lacks. */
const looks: Readonly<Record<StateName, Looks>> = {
  queued: { icon: 'watch', menu: 'queued' },
  running: { icon: 'sync~spin', menu: 'running' },
  checking: { icon: 'sync~spin', menu: 'running' },
  stopped: { icon: 'debug-disconnect', color: yellow, menu: 'interrupted' },
  ready: { icon: 'pass', color: green, menu: 'waiting' },
  approved: { icon: 'verified', color: green, menu: 'waiting' },
  decided: { icon: 'mail', menu: 'done' },
  unticked: { icon: 'warning', color: yellow, menu: 'waiting' },
  'not-judged': { icon: 'law', color: yellow, menu: 'waiting' },
  'without-test': { icon: 'beaker', color: yellow, menu: 'waiting' },
  'not-verified': { icon: 'question', color: red, menu: 'waiting' },
  objected: { icon: 'law', color: red, menu: 'waiting' },
  'not-green': { icon: 'error', color: red, menu: 'waiting' },
  unchecked: { icon: 'question', color: red, menu: 'waiting' },
  'half-dropped': { icon: 'warning', color: yellow, menu: 'waiting' },
  pushed: { icon: 'repo-push', color: yellow, menu: 'waiting' },
  imported: { icon: 'archive', menu: 'done' },
  'needs-key': { icon: 'key', color: yellow, menu: 'failed' },
  'needs-model': { icon: 'debug-disconnect', color: yellow, menu: 'failed' },
  'no-key': { icon: 'key', color: yellow, menu: 'failed' },
  published: { icon: 'git-pull-request', color: green, menu: 'done' },
  merged: { icon: 'git-merge', color: green, menu: 'done' },
  closed: { icon: 'git-pull-request-closed', menu: 'done' },
  rejected: { icon: 'circle-slash', menu: 'failed' },
  'up-to-date': { icon: 'pass', color: green, menu: 'done' },
  vetoed: { icon: 'law', color: red, menu: 'failed' },
  'verification-failed': { icon: 'error', color: red, menu: 'failed' },
  'turn-limit': { icon: 'error', color: red, menu: 'failed' },
  'cannot-repair': { icon: 'error', color: red, menu: 'failed' },
  'budget-exceeded': { icon: 'error', color: red, menu: 'failed' },
  cancelled: { icon: 'stop-circle', menu: 'failed' },
  interrupted: { icon: 'debug-disconnect', color: yellow, menu: 'interrupted' },
  'setup-failed': { icon: 'tools', color: red, menu: 'failed' },
}

/** Whether a person has to look at it: the session did not give what it was asked for. */
export function needsAttention(summary: SessionSummary): boolean {
  const { state, name } = summary
  if (state === 'interrupted' || state === 'damaged') return true
  if (name === null || state !== 'done') return false
  return looks[name].menu === 'failed' && name !== 'cancelled' && name !== 'rejected'
}

/** `repository`: its name goes along, where sessions of several are listed. */
export function sessionText(summary: SessionSummary, now: number, repository = false): SessionText {
  const words = wordsOf(summary)
  const title = shownName(summary.title)
  const label = summary.short === '' ? title : shownName(summary.short)
  const description = describe(summary, words, { now, repository })
  return {
    ...{ title: label, description, tooltip: tooltip(summary, title, words.join(', ')) },
    ...looksOf(summary),
    marks: [
      hasFailingChecks(summary) ? '+checks' : '',
      hasOpenThreads(summary) ? '+threads' : '',
      summary.baseMoved ? '+moved' : '',
    ].join(''),
    group: groupOf(summary),
  }
}

export function groupOf(summary: SessionSummary): Group {
  const { state } = summary
  if (state === 'queued' || state === 'running') return 'running'
  if (state === 'waiting') return 'waiting'
  return needsAttention(summary) ? 'attention' : 'done'
}

/** Somebody is at work on a session that waits: its patch is checked again, or published. */
const atWork = ({ state, stage }: SessionSummary): boolean => state === 'waiting' && stage !== null

function looksOf(summary: SessionSummary): Looks {
  const looked = looksHere(summary)
  // Nothing of its runner can be asked from here.
  return summary.elsewhere && looked.menu !== 'waiting' && looked.menu !== 'damaged'
    ? { ...looked, menu: 'done' }
    : looked
}

function looksHere(summary: SessionSummary): Looks {
  const { state, name } = summary
  if (state === 'damaged') return { icon: 'warning', color: yellow, menu: 'damaged' }
  if (atWork(summary)) return looks.checking
  if (state === 'queued') return looks.queued
  if (state === 'interrupted') return looks.interrupted
  return looks[name ?? 'interrupted']
}

function wordsOf(summary: SessionSummary): readonly string[] {
  const { state, stage, words } = summary
  if (state === 'damaged') return ['log is damaged']
  if ((state === 'running' || atWork(summary)) && stage !== null)
    return summary.elsewhere ? [stage, 'runs elsewhere'] : [stage]
  if (words.length > 0) return words
  return [state === 'queued' ? 'waiting for a free slot' : state === 'running' ? 'at work' : 'interrupted']
}

interface Shown {
  readonly now: number
  readonly repository: boolean
}

/** `Repair, attempt 1 · turn 3 of 10 · $0.12 · 2 min`, the state first: a row is cut at its end. */
function describe(summary: SessionSummary, words: readonly string[], { now, repository }: Shown): string {
  const { state, attempt, turns, maxTurns, costUsd, root, folder } = summary
  const running = state === 'running' || state === 'queued'
  const parts = [
    ...words,
    running && attempt > 0 ? `turn ${turns} of ${maxTurns}` : undefined,
    folder === '' ? undefined : `in ${shownName(folder)}`,
    repository && root !== '' ? shownName(folderName(root)) : undefined,
    costUsd > 0 ? money(costUsd) : undefined,
    age(running ? summary.createdAt : summary.updatedAt, now),
  ]
  return parts.filter((part) => part !== undefined).join(' · ')
}

export function folderName(root: string): string {
  return root.split(/[/\\]/).findLast((name) => name !== '') ?? root
}

function tooltip(
  { id, root, reason, pullRequest, createdAt }: SessionSummary,
  title: string,
  words: string,
): string {
  const lines = [
    title,
    words,
    reason === null ? undefined : shownName(reason),
    pullRequest === null ? undefined : shownName(pullRequest),
    root === '' ? undefined : shownName(root),
    `${id} · started ${localTime.format(new Date(createdAt))}`,
  ]
  return lines.filter((line) => line !== undefined).join('\n')
}

/** In the zone of whoever reads it, by name. Made once: hundreds of rows are put in words at a time. */
const localTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })

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
