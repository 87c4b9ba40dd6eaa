import { isElsewhere } from './elsewhere.ts'
import type { Outcome } from './events.ts'
import type { DrydockError } from './failure.ts'
import { failures } from './failures.ts'
import type { SessionView } from './sessionView.ts'

/** What a person, an editor or a script may ask to be done with a session. */
export const commands = ['publish', 'reject', 'drop', 'restore', 'retry', 'resume', 'cancel'] as const
export type Command = (typeof commands)[number]

/**
 * Where a session stands, as far as what may follow depends on it: `needs-key` where it ended for want of a key alone,
 * `needs-model` where the model gave no first answer, `waiting` for a person, `checking` a patch anew after review began, with a `half-dropped` patch (a drop was begun and
 * never came to its end), `pushed` without having been finished, or `imported` to be looked at: what it says was checked
 * elsewhere. A session that another machine has waits for a person's word (`elsewhere`), or for nothing that could be said
 * here (`away`). Any other is its outcome.
 */
export type Standing =
  | 'running'
  | 'needs-key'
  | 'needs-model'
  | 'waiting'
  | 'checking'
  | 'half-dropped'
  | 'pushed'
  | 'imported'
  | 'elsewhere'
  | 'away'
  | Exclude<Outcome, 'awaiting-review'>

type Stood = Pick<SessionView, 'outcome' | 'branch' | 'dropping' | 'failure' | 'imported' | 'approval'>

/** `settled`: nothing happened to the patch since the last outcome (`settledAfter`). */
export function standingOf(view: Stood, settled: boolean): Standing {
  const standing = standingThere(view, settled)
  if (!isElsewhere(view)) return standing
  if (standing === 'waiting')
    return view.imported?.elsewhere?.decision === undefined && view.approval === null ? 'elsewhere' : 'away'
  // What ended is followed by a retry, and that by a refusal of its own where no repository is here.
  return view.outcome === null || view.outcome === 'awaiting-review' ? 'away' : standing
}

/** Where it stands on the machine that has it. */
export function standingThere(view: Stood, settled: boolean): Exclude<Standing, 'elsewhere' | 'away'> {
  if (view.outcome === null) return 'running'
  if (view.outcome !== 'awaiting-review') return lacking[view.failure?.code ?? ''] ?? view.outcome
  if (!settled) return 'checking'
  if (view.imported !== undefined && !isElsewhere(view)) return 'imported'
  if (view.dropping !== undefined) return 'half-dropped'
  return view.branch === null ? 'waiting' : 'pushed'
}

/** Failures that say that nothing but the model was missing. */
const lacking: Readonly<Record<string, 'needs-key' | 'needs-model' | undefined>> = {
  'no-key': 'needs-key',
  'repair-needs-key': 'needs-key',
  'repair-needs-model': 'needs-model',
}

const allowed: Record<Standing, readonly Command[]> = {
  running: ['cancel'],
  'needs-key': ['retry', 'resume'],
  'needs-model': ['retry', 'resume'],
  checking: ['cancel'],
  waiting: ['publish', 'reject', 'drop', 'restore', 'retry'],
  // The patch on show still holds what was to be left out.
  'half-dropped': ['reject', 'drop', 'restore', 'retry'],
  // What was pushed is the patch that was approved: another one would need another branch.
  pushed: ['publish', 'reject', 'retry'],
  imported: ['reject', 'retry'],
  // Both go to the machine that has it.
  elsewhere: ['publish', 'reject'],
  away: [],
  ...{ published: ['retry'], merged: ['retry'], closed: ['retry'], rejected: ['retry'] },
  ...{ 'up-to-date': ['retry'], vetoed: ['retry'], 'verification-failed': ['retry'] },
  ...{
    'turn-limit': ['retry'],
    'cannot-repair': ['retry'],
    'budget-exceeded': ['retry'],
    cancelled: ['retry'],
  },
  ...{ interrupted: ['retry'], 'setup-failed': ['retry'] },
}

export function mayFollow(command: Command, standing: Standing): boolean {
  return allowed[standing].includes(command)
}

/** The one answer of command line, panel and control socket to what may not follow; undefined where it may. */
export function refusal(id: string, command: Command, standing: Standing): DrydockError | undefined {
  if (mayFollow(command, standing)) return undefined
  if (standing === 'half-dropped') return failures.halfDropped(id)
  if (standing === 'imported') return failures.importedSession(id)
  if (standing === 'elsewhere' || standing === 'away') return failures.sessionElsewhere(id)
  if (standing === 'pushed') return failures.alreadyPushed(id)
  if (standing === 'running' || standing === 'checking') {
    return command === 'retry'
      ? failures.sessionBusy(id)
      : failures.sessionState(id, standing, wanted[command])
  }
  return failures.sessionState(id, standing, wanted[command])
}

const wanted: Record<Command, string> = {
  ...{
    publish: 'awaiting review',
    reject: 'awaiting review',
    drop: 'awaiting review',
    restore: 'awaiting review',
  },
  ...{ retry: 'ended or awaiting review', resume: 'in want of a model alone', cancel: 'at work' },
}
