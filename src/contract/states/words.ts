import type { Outcome } from '../events.ts'
import type { Tone } from './tone.ts'

/**
 * Whether somebody works on it, waits for a person, or neither. `stopped`: it was at work, and its runner is gone.
 * `decided`: a person's word is on its way to the machine that has it.
 */
export type Life =
  | 'queued'
  | 'running'
  | 'checking'
  | 'stopped'
  | 'waiting'
  | 'half-dropped'
  | 'pushed'
  | 'imported'
  | 'decided'
  | 'ended'

/** What a session is in front of a person, in one word for programs: the worst that is true of it. */
export type StateName =
  | Exclude<Life, 'waiting' | 'ended'>
  | 'ready'
  | 'approved'
  | 'unticked'
  | 'not-judged'
  | 'without-test'
  | 'not-verified'
  | 'objected'
  | 'not-green'
  | 'unchecked'
  | 'needs-key'
  | 'needs-model'
  | 'no-key'
  | Exclude<Outcome, 'awaiting-review'>

/** The words and the tone of a state, the same wherever it is shown. */
export interface State {
  readonly name: StateName
  readonly tone: Tone
  /** Above a review. */
  readonly title: string
  /** In a row, where the place says what waits. */
  readonly row: string
}

export const states: Readonly<Record<StateName, Omit<State, 'name'>>> = {
  queued: { tone: 'busy', title: 'Waiting for a free slot', row: 'waiting for a free slot' },
  running: { tone: 'busy', title: 'Running', row: 'at work' },
  checking: { tone: 'busy', title: 'Verifying again', row: 'verifying again' },
  stopped: { tone: 'warn', title: 'Stopped: its runner is gone', row: 'interrupted' },
  ready: { tone: 'good', title: 'Ready to approve', row: 'ready to approve' },
  approved: { tone: 'good', title: 'Approved, not published yet', row: 'approved, not published yet' },
  decided: { tone: 'plain', title: 'Decided, and not taken there yet', row: 'decision on its way' },
  unticked: { tone: 'warn', title: 'Green, with warnings to look at', row: 'warnings to look at' },
  'not-judged': { tone: 'warn', title: 'Green, but not judged', row: 'not judged' },
  'without-test': { tone: 'warn', title: 'Green, without a test', row: 'green without a test' },
  'not-verified': { tone: 'bad', title: 'Not verified', row: 'not verified' },
  objected: { tone: 'bad', title: 'The judge vetoes what is left', row: 'vetoed by the judge' },
  'not-green': { tone: 'bad', title: 'Not green', row: 'not green' },
  unchecked: { tone: 'bad', title: 'The checks did not run to their end', row: 'checks not finished' },
  'half-dropped': { tone: 'warn', title: 'Parts were to be dropped', row: 'half dropped' },
  imported: { tone: 'plain', title: 'Imported: checked elsewhere', row: 'imported, checked elsewhere' },
  pushed: { tone: 'warn', title: 'Pushed, without a pull request yet', row: 'pushed, no pull request yet' },
  'needs-key': { tone: 'warn', title: 'Needs a repair, no key', row: 'needs a repair, no key' },
  'needs-model': {
    tone: 'warn',
    title: 'Needs a repair, the model gave no answer',
    row: 'needs a repair, no answer from the model',
  },
  'no-key': { tone: 'warn', title: 'Needs a key', row: 'needs a key' },
  published: { tone: 'good', title: 'Published', row: 'published' },
  merged: { tone: 'good', title: 'Merged', row: 'merged' },
  closed: { tone: 'plain', title: 'Closed without a merge', row: 'closed' },
  rejected: { tone: 'plain', title: 'Rejected', row: 'rejected' },
  'up-to-date': { tone: 'good', title: 'Up to date', row: 'up to date' },
  vetoed: { tone: 'bad', title: 'Vetoed by the judge', row: 'vetoed by the judge' },
  'verification-failed': { tone: 'bad', title: 'Verification failed', row: 'verification failed' },
  'turn-limit': { tone: 'bad', title: 'Turn limit reached', row: 'turn limit reached' },
  'cannot-repair': { tone: 'bad', title: 'The agent gave up', row: 'the agent gave up' },
  'budget-exceeded': { tone: 'bad', title: 'Budget used up', row: 'budget used up' },
  cancelled: { tone: 'plain', title: 'Cancelled', row: 'cancelled' },
  interrupted: { tone: 'warn', title: 'Interrupted', row: 'interrupted' },
  'setup-failed': { tone: 'bad', title: 'Set-up failed', row: 'could not be set up' },
}

/** An outcome in a sentence. */
export function outcomeWord(outcome: Exclude<Outcome, 'awaiting-review'>): string {
  return states[outcome].row
}
