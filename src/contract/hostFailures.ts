import { failure } from './failure.ts'
import { type HostTrouble, troubleAdvice, troubleReason } from './hostTrouble.ts'

/** What code hosts refuse, before and after a branch is there. */
export const hostFailures = {
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
  noPullRequest: (id: string) =>
    failure(
      'session-state',
      `Session ${id} has no pull request that its host could be asked about.`,
      `See \`drydock show ${id}\`: it was not published, or to a host whose interface we do not speak.`,
    ),
  noHostToken: (host: string) =>
    failure(
      'host-refused',
      `There is no ${host} token, so nobody can ask what became of it.`,
      'Set DRYDOCK_GITHUB_TOKEN, or sign in to GitHub in the editor.',
    ),
  repositoryArchived: (repository: string) =>
    failure(
      'host-refused',
      `${repository} is archived: nobody can push to it.`,
      'Ask its owner to take it out of the archive, or take the change with `drydock diff ID`. Nothing was pushed.',
    ),
} as const
