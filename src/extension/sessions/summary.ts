import { isElsewhere } from '../../contract/elsewhere.ts'
import type { Outcome } from '../../contract/events.ts'
import { sessionTitle } from '../../contract/sessionTitle.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { stageTitle } from '../../contract/stageTitle.ts'
import type { StageView } from '../../contract/stageView.ts'
import { rowWords } from '../../contract/states/row.ts'
import { situationOf } from '../../contract/states/situation.ts'
import { type StateName, stateOf } from '../../contract/states/state.ts'
import type { Task } from '../../contract/task.ts'

/** Where a session stands for a person: what the tree groups by. */
export type SessionState = 'queued' | 'running' | 'waiting' | 'done' | 'interrupted' | 'damaged'

/** A row of the list of sessions: little enough to keep thousands of them. Times are UTC, costs US dollars. */
export interface SessionSummary {
  readonly id: string
  readonly title: string
  readonly kind: Task['kind'] | null
  /** Absolute path of the repository's work tree. */
  readonly root: string
  readonly state: SessionState
  readonly outcome: Outcome | null
  readonly reason: string | null
  /** The open stage in words; null where none is open. */
  readonly stage: string | null
  readonly attempt: number
  readonly maxAttempts: number
  /** Turns of the current attempt. */
  readonly turns: number
  readonly maxTurns: number
  readonly costUsd: number
  readonly from: string | null
  readonly to: string | null
  /** Package and version that the session is about; empty where it is about something else. */
  readonly short: string
  /** What it updates; null where that is no package. */
  readonly package: string | null
  /** Folder of its manifest, below the repository's top; empty where it is the top. */
  readonly folder: string
  /** What it is, as everywhere else; null where its log says nothing. */
  readonly name: StateName | null
  /** The same in words, the worst first. */
  readonly words: readonly string[]
  /** Another machine has it. */
  readonly elsewhere: boolean
  /** A stage is open and no runner is at work on it. */
  readonly abandoned: boolean
  readonly pullRequest: string | null
  /** Of an open pull request, as its host was last asked: checks that fail, and threads that nobody has answered. */
  readonly toMend: { readonly checks: number; readonly threads: number }
  /** It waits, and its change was not brought onto a base that has moved: a follow-up makes it anew there. */
  readonly baseMoved: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

/** What the view says, given whether a runner is at work on it. */
export function summarise(view: SessionView, holder: boolean, settled: boolean): SessionSummary {
  const situation = situationOf({ ...view, alive: holder }, { settled })
  // Of one that another machine has nobody here holds the lock.
  const alive = situation.elsewhere ? situation.life !== 'stopped' : holder
  const open = view.stages.findLast(({ status }) => status === 'running')
  const attempt = view.attempts.at(-1)
  return {
    id: view.id,
    // A row is short: that it is an update, its versions say.
    title: sessionTitle(view).replace(/^Update (?=.* → )/, ''),
    kind: view.task.kind,
    root: view.task.repository.root,
    state: placeOf(view, alive, open),
    outcome: view.outcome,
    reason: view.reason,
    stage: open === undefined || !alive ? null : stageText(open),
    attempt: attempt?.attempt ?? 0,
    maxAttempts: view.task.settings.maxAttempts,
    turns: attempt?.turns ?? 0,
    maxTurns: view.task.settings.maxTurns,
    costUsd: view.costUsd,
    from: view.from,
    to: view.to,
    short: shortTitle(view),
    package: view.task.kind === 'dependency-update' ? view.task.package : null,
    folder: folderOf(view),
    name: stateOf(situation).name,
    words: rowWords(situation),
    elsewhere: situation.elsewhere,
    abandoned: open !== undefined && !alive && !situation.elsewhere,
    pullRequest: view.pullRequest?.url ?? null,
    toMend: toMendOf(view),
    baseMoved: isOnFormerBase(view),
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
  }
}

/** Characters of a package's name in a row: what the session is stands beside it, and must not be cut. */
const mostName = 24
const mostTitle = 36

/** `http-client 4.8.1 → 5.0.0`: a row begins with the package, shortened in its middle, and no row cuts the state. */
function shortTitle({ task, from, to }: SessionView): string {
  if (task.kind !== 'dependency-update') return ''
  const version = to ?? task.requested
  const whole = from === null ? '' : `${task.package} ${from} → ${version}`
  if (whole !== '' && whole.length <= mostTitle) return whole
  return `${middleCut(task.package, mostName)} → ${middleCut(version, mostName / 2)}`
}

/** Where in its repository, where that is not the top. */
function folderOf({ task }: SessionView): string {
  const manifest = task.kind === 'dependency-update' ? (task.manifest ?? '') : ''
  return manifest.slice(0, Math.max(0, manifest.lastIndexOf('/')))
}

function middleCut(text: string, most: number): string {
  if (text.length <= most) return text
  const tail = Math.ceil((most - 1) / 2)
  return `${text.slice(0, most - 1 - tail)}…${text.slice(-tail)}`
}

/** A session whose log cannot be read, or whose runner has not written anything yet. */
export function bareSummary(id: string, state: SessionState, reason: string | null): SessionSummary {
  const time = timeOfId(id)
  return {
    ...{ id, title: id, kind: null, root: '', state, outcome: null, reason, stage: null },
    ...{ attempt: 0, maxAttempts: 0, turns: 0, maxTurns: 0, costUsd: 0, from: null, to: null },
    ...{ short: '', package: null, folder: '', name: null, words: [], abandoned: false, pullRequest: null },
    elsewhere: false,
    toMend: { checks: 0, threads: 0 },
    baseMoved: false,
    createdAt: time,
    updatedAt: time,
  }
}

function toMendOf({ outcome, seen }: SessionView): SessionSummary['toMend'] {
  if (outcome !== 'published' || seen === undefined) return { checks: 0, threads: 0 }
  return { checks: seen.checks.failed, threads: seen.unanswered ?? seen.comments }
}

/** Nothing is left to follow where the base holds it all, or has lost what it stood on. */
function isOnFormerBase({ outcome, refusedBase }: SessionView): boolean {
  const { kind } = refusedBase ?? {}
  return (
    outcome === 'awaiting-review' && kind !== undefined && kind !== 'nothing-left' && kind !== 'rewritten'
  )
}

/** Whether a check of its pull request fails. */
export function hasFailingChecks({ toMend }: SessionSummary): boolean {
  return toMend.checks > 0
}

/** Whether people who may write wait for an answer in its pull request. */
export function hasOpenThreads({ toMend }: SessionSummary): boolean {
  return toMend.threads > 0
}

/** Whether the session's log has its end: no review and no runner will add to it. */
export function isSettled({ state, outcome, name }: SessionSummary): boolean {
  // One that lacks a key, or the model's answer, goes on once there is one.
  if (name === 'needs-key' || name === 'needs-model' || name === 'no-key') return false
  return state === 'damaged' || (outcome !== null && state !== 'waiting')
}

/** Whether nobody is at work on the session, so that what it is stays true while its log does. */
export function isAtRest(summary: SessionSummary): boolean {
  return isSettled(summary) || (summary.state === 'waiting' && summary.stage === null)
}

function placeOf(view: SessionView, alive: boolean, open: StageView | undefined): SessionState {
  if (view.outcome === null) {
    if (!alive) return 'interrupted'
    return open?.name === 'queue' ? 'queued' : 'running'
  }
  if (view.outcome === 'awaiting-review') {
    const { imported } = view
    return imported === undefined || (isElsewhere(view) && imported.elsewhere?.decision === undefined)
      ? 'waiting'
      : 'done'
  }
  return view.outcome === 'interrupted' ? 'interrupted' : 'done'
}

function stageText(stage: StageView): string {
  const { name, role, attempt } = stage
  return stageTitle({ stage: name, role, attempt })
}

/** `20261122-124832-abc123` begins with the UTC time of its making. */
function timeOfId(id: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(id)
  if (found === null) return new Date(0).toISOString()
  const [, year, month, day, hour, minute, second] = found
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`)
  // A folder may have a name that is no time.
  return new Date(Number.isNaN(time.getTime()) ? 0 : time).toISOString()
}
