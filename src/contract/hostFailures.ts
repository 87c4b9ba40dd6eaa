import { failure } from './failure.ts'
import { type HostTrouble, troubleAdvice, troubleReason } from './hostTrouble.ts'
import { type BaseRefusal, refusalText } from './newBase.ts'

/** What a host says beside a push that it refuses, and the step that follows. */
const pushAdvice: readonly (readonly [RegExp, string])[] = [
  [
    /GH006|GH013|GL-HOOK-ERR|protected branch|rule violations|pre-receive hook declined/i,
    'A rule of the host refuses the branch. Ask somebody who may change its rules, or take the change with `drydock diff ID`.',
  ],
  [
    /archived|read-only/i,
    'The repository is archived: ask its owner to take it out of the archive. The change stands in `drydock diff ID`.',
  ],
  [
    /SAML|single sign-on|\bSSO\b/i,
    'Authorise your credentials for the organisation at the host, then run `drydock publish` again.',
  ],
  [
    /denied|not allowed|\b403\b|forbidden|don't have permission/i,
    'You may not push there. `drydock publish ID --fork` publishes from a fork of your own; or ask for the right to push.',
  ],
  [
    /GH001|larger than|file size|too large/i,
    'The host takes no file as large as one in this branch. Leave it out with `drydock drop ID PATH`.',
  ],
]

/** What code hosts refuse, before and after a branch is there. */
export const hostFailures = {
  pushFailed: (remote: string, why: string, detail?: string) =>
    failure(
      'push-failed',
      `Pushing to ${remote} failed: ${why}.`,
      pushAdvice.find(([words]) => words.test(`${why}\n${detail ?? ''}`))?.[1] ??
        'Check that `git push` works there for you, then run `drydock publish` again.',
      detail,
    ),
  /** Nothing was pushed or changed. `what` begins a sentence: `The pull request was not looked up`. */
  hostFailed: (what: string, trouble: HostTrouble, again: string) =>
    failure(
      'host-refused',
      `${what}: ${troubleReason(trouble)}.`,
      troubleAdvice(trouble, again, ''),
      trouble.said,
    ),
  pullRequestFailed: (branch: string, trouble: HostTrouble) =>
    failure(
      'pull-request-failed',
      `The branch ${branch} is pushed, but the pull request was not opened: ${troubleReason(trouble)}.`,
      troubleAdvice(trouble, '`drydock publish` again', 'open it by hand from that branch'),
    ),
  sameUpdateOpen: (id: string, url: string) =>
    failure(
      'same-update-open',
      `A pull request of Drydock is open for the same update: ${url}`,
      `Nothing was pushed. Merge or close that one, or open a second one with \`drydock publish ${id} --anyway\`.`,
    ),
  sameUpdatePushed: (id: string, branch: string) =>
    failure(
      'same-update-open',
      `A branch of the same update is at the remote: ${branch}`,
      `Nothing was pushed. Merge or delete that one, or push a second one with \`drydock publish ${id} --anyway\`.`,
    ),
  noPullRequest: (id: string) =>
    failure(
      'session-state',
      `Session ${id} has no pull request that its host could be asked about.`,
      `See \`drydock show ${id}\`: it was not published, or to a host whose interface we do not speak.`,
    ),
  baseGone: (id: string, branch: string) =>
    failure(
      'push-failed',
      `The branch ${branch}, which session ${id} began on, is not at the remote any more.`,
      'Start a new session on the branch that took its place.',
    ),
  branchGone: (id: string, branch: string) =>
    failure(
      'push-failed',
      `The branch ${branch} of session ${id} is not at the remote any more.`,
      `Ask the host what became of its pull request: \`drydock sync ${id}\`. A new session starts with \`drydock retry ${id}\`.`,
    ),
  branchMoved: (branch: string, of: string) =>
    failure(
      'push-failed',
      `Somebody has put commits on ${branch} that this session has not seen; nothing was pushed.`,
      `Follow them, so that they are verified too: \`drydock follow-up ${of}\`.`,
    ),
  /** The base branch has moved, and the change was not brought onto it. */
  baseMoved: (id: string, refusal: BaseRefusal) =>
    failure(
      'base-moved',
      refusalText(refusal),
      refusal.kind === 'nothing-left'
        ? `There is nothing left to publish: \`drydock reject ${id}\`.`
        : refusal.kind === 'rewritten'
          ? `Push or rebase what stands below it, or start a new session on ${refusal.branch} as it is now.`
          : `Make it anew on that base, where it is checked, judged and reviewed like any other: \`drydock follow-up ${id}\`.`,
    ),
  baseNotHere: (root: string, commit: string) =>
    failure(
      'session-state',
      `The change stands on ${commit.slice(0, 12)}, which is not in ${root}.`,
      'Fetch it with `git fetch` where a remote has it, then try again; the change itself stands in `drydock diff ID`.',
    ),
  baseMovesOn: (id: string, branch: string) =>
    failure(
      'base-moved',
      `${branch} moved again each time the change was verified on it. Nothing was pushed.`,
      `What was verified is kept. Try again when it is calmer: \`drydock publish ${id}\`.`,
    ),
  nothingMoved: () =>
    failure(
      'nothing-to-follow',
      'Neither the base branch nor the pull request has moved: no session was started.',
      'Ask the host what became of it with `drydock sync`.',
    ),
  /** A wording that no host takes, or that would hide the rest of the text. */
  unfitWording: (why: string, next: string) => failure('bad-usage', why, next),
  /** `both` fail on the base as well; `notes`: how they were compared. */
  checksFailBelow: (both: readonly string[], notes: readonly string[] = []) =>
    failure(
      'nothing-to-follow',
      both.length === 0
        ? 'No check fails: no session was started.'
        : `${both.slice(0, 5).join(', ')} ${both.length === 1 ? 'fails' : 'fail'} on the base as well: no session was started.${notes
            .slice(0, 5)
            .map((note) => ` ${note}`)
            .join('')}`,
      both.length === 0
        ? 'Ask the host what became of it with `drydock sync`.'
        : 'Mend it on the base first; it has nothing to do with this change.',
    ),
  noFork: (host: string | undefined) =>
    failure(
      'host-refused',
      `${host ?? 'The remote’s host'} cannot be asked for a fork.`,
      'Make one by hand, set the remote’s push address to it, and start a new session.',
    ),
  /** `left`: sentences about who was not heard. */
  nobodySaid: (left: readonly string[] = []) =>
    failure(
      'nothing-to-follow',
      [
        'Nothing of people who may write to the repository waits for an answer: no session was started.',
        ...left,
      ].join(' '),
      'Strangers and bots are not asked. Try again with your own words: `drydock retry ID --note TEXT`.',
    ),
  noHostToken: (host: string) =>
    failure(
      'host-refused',
      `There is no ${host} token, so nobody can ask what became of it.`,
      'Set DRYDOCK_GITHUB_TOKEN (in the editor: sign in to GitHub) or DRYDOCK_GITLAB_TOKEN.',
    ),
  repositoryArchived: (repository: string) =>
    failure(
      'host-refused',
      `${repository} is archived: nobody can push to it.`,
      'Ask its owner to take it out of the archive, or take the change with `drydock diff ID`. Nothing was pushed.',
    ),
} as const
