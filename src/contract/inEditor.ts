import { z } from 'zod'
import type { Failure, FailureCode } from './failure.ts'

/** What an editor can do about a failure at a click. */
export const Remedy = z.enum([
  'setKey',
  'doctor',
  'installEngine',
  'openFolder',
  'initRepository',
  'signIn',
  'addRemote',
])
export type Remedy = z.infer<typeof Remedy>

export const remedyTitles: Readonly<Record<Remedy, string>> = {
  setKey: 'Set API Key',
  doctor: 'Doctor',
  installEngine: 'How to Install One',
  openFolder: 'Open Folder',
  initRepository: 'Initialize Repository',
  signIn: 'Sign in to GitHub',
  addRemote: 'Add Remote',
}

interface Advice {
  readonly next?: string
  readonly remedies?: readonly Remedy[]
}

const seeReview = 'Look at the session’s review: it says what can be done.'

/** Where the words of a failure are a terminal's: what they are in an editor, and what it offers. */
const advice: Partial<Record<FailureCode, Advice>> = {
  'git-not-found': { next: 'Install git 2.38 or later, start the editor again, and try again.' },
  'not-a-repository': {
    next: 'Open a folder of a git repository, or make one of this and commit.',
    remedies: ['openFolder', 'initRepository'],
  },
  'no-manifest': { remedies: ['openFolder'] },
  'dirty-not-committed': { next: 'Commit the changes, then start a session that packages the last commit.' },
  'engine-not-found': {
    next: 'Sessions run in Docker or Podman: install one and start it, then try again.',
    remedies: ['installEngine', 'doctor'],
  },
  'engine-refused': { next: 'The doctor shows what the engine can do.', remedies: ['doctor'] },
  'engine-lost': {
    next: 'The doctor shows whether the engine keeps running; then retry.',
    remedies: ['doctor'],
  },
  'protection-missing': {
    next: 'The doctor says why each is missing; use an engine that can give them.',
    remedies: ['doctor'],
  },
  'out-of-memory': { next: 'Raise the limit in the settings, drydock.memoryMb, and retry.' },
  'no-key': { next: 'Set one: the session goes on from where it is.', remedies: ['setKey'] },
  'repair-needs-key': {
    next: 'Set one: the repair begins from here, and nothing is installed again.',
    remedies: ['setKey'],
  },
  'repair-needs-model': {
    next: 'Once it answers, retry: the session goes on from where it is.',
    remedies: ['setKey', 'doctor'],
  },
  'model-declined': { next: 'Choose another model in the settings, and start a new session.' },
  'model-refused': { remedies: ['setKey', 'doctor'] },
  'model-unavailable': { next: 'Try again, or choose another model in the settings.' },
  'budget-exceeded': { next: 'Raise the budget or the number of turns in the settings, then retry.' },
  'agent-broken': { next: 'Retry; the doctor gathers what a report needs.', remedies: ['doctor'] },
  'no-such-session': { next: 'The list of sessions shows those that there are.' },
  'session-busy': { next: 'Wait for it, or cancel it.' },
  'session-state': { next: seeReview },
  'warnings-not-acknowledged': { next: 'Look at each in the review, and tick it there.' },
  'not-verified': { next: 'Mend what is named and retry, or take it on yourself in the review.' },
  'not-judged': { next: 'Take it on yourself in the review, or set a key and retry.', remedies: ['setKey'] },
  'patch-refused': { next: 'Nothing was changed. Look at the change in the review.' },
  'no-remote': {
    next: 'Look at the change in the review and take it by hand, or add a remote and start a new session.',
    remedies: ['addRemote'],
  },
  'push-failed': { next: 'Check that pushing there works for you, then approve it again.' },
  'base-moved': {
    next: 'Follow up the session: the change is made anew on that base, and checked, judged and reviewed there.',
  },
  'pull-request-failed': {
    next: 'The branch is pushed: approve it again, or open the pull request by hand from that branch.',
    remedies: ['signIn'],
  },
  'not-a-dependency': { next: 'Choose one of those that “Agent: Update Dependency…” lists.' },
  'install-failed': { next: 'The log of the session names the cause; mend it and retry.' },
  'package-gone': {
    next: 'If it is private, log in on this machine. If it is gone, replace it in the project; one that no check needs can be left out by the setting drydock.allowMissing.',
  },
  'registry-not-allowed': {
    next: 'If you trust it, name it in your own configuration of the package manager, or in the setting drydock.gitHosts.',
  },
  'unsupported-repository': { next: 'Mend what is named, then try again.' },
  'bad-usage': { next: 'Correct it and try again.' },
  internal: { next: 'Report this with what the doctor says and the session’s id.', remedies: ['doctor'] },
}

/** Words of a terminal: commands of ours, flags, and what only a shell can be told. */
const ofTerminal = /`(?:drydock|git init|\w+ run setup)\b|(?:^|\s)--[a-z]/

/** The next step where a person sits at an editor: its own words, and never a command line. */
export function nextInEditor({ code, next }: Pick<Failure, 'code' | 'next'>): string {
  if (!ofTerminal.test(next) && !said.has(code)) return next
  return advice[code]?.next ?? 'Mend what is named, then try again.'
}

/** Of these the editor knows more than a terminal: a button does it. */
const said: ReadonlySet<FailureCode> = new Set([
  ...(['not-a-repository', 'no-key', 'repair-needs-key', 'no-remote'] as const),
])

export function remediesOf(code: FailureCode): readonly Remedy[] {
  return advice[code]?.remedies ?? []
}
