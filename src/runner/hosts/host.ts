import type { HostTrouble } from '../../contract/hostTrouble.ts'
import type { CheckSummary, PullRequestWish } from '../../contract/pullRequest.ts'
import type { PullRequestSeen } from '../../contract/pullRequestSeen.ts'
import type { Kept } from './kept.ts'

/** A repository as its host has it now. */
export interface HostRepository {
  /** `owner/name`, as it is called today. */
  readonly path: string
  readonly defaultBranch: string
  readonly archived: boolean
  /** Undefined where the host does not say. */
  readonly mayPush: boolean | undefined
  /** Rules of the host that will refuse the merge or the push as things are; sentences. */
  readonly rules: readonly string[]
}

export interface Opened {
  readonly url: string
  readonly number: number
  /** What of the wish did not come about; sentences. */
  readonly notes: readonly string[]
}

/** An open request of anybody. */
export interface OpenRequest {
  readonly url: string
  readonly number: number
  readonly title: string
  readonly author: string
  readonly branch: string
  /** The repository that the branch is in, where it is another one. */
  readonly from: string
  readonly base: string
}

export interface PersonsWords {
  readonly author: string
  /** The file that it stands beside. */
  readonly path?: string
  readonly text: string
}

export interface CheckResult {
  /** Undefined while it runs. */
  readonly failing: boolean | undefined
  /** What it says of itself: a stranger's text. */
  readonly said: string
}

/** A repository at a code host that has an interface we speak. Every call throws `HostRefusal` alone. */
export interface Host {
  readonly kind: 'github' | 'gitlab'
  /** As a person calls it. */
  readonly name: string
  look(base: string | undefined): Promise<HostRepository>
  /** Open requests, the newest first, at most a few hundred. */
  openRequests(): Promise<readonly OpenRequest[]>
  /** Opens the request, or finds the open one of the same branch; `from`: `owner/name` of the fork that has it. */
  open(wish: PullRequestWish, from?: string): Promise<Opened>
  /** `owner/name` of a repository of the account's own, where branches go that this one does not take. */
  fork?(): Promise<string>
  /** What became of the request. */
  follow(number: number, kept: Kept): Promise<PullRequestSeen>
  /** Results of checks at a commit, by name. */
  results(ref: string, kept: Kept): Promise<ReadonlyMap<string, CheckResult>>
  /** What other people who may write say of the request, the oldest first. Strangers' and bots' words are left out. */
  words(number: number, kept: Kept): Promise<readonly PersonsWords[]>
  comment(number: number, text: string): Promise<void>
  /** Shows the result beside the commit; what came of it, as a sentence. */
  result(commit: string, summary: CheckSummary): Promise<string | undefined>
  /** What the host thinks of the commit's signature; undefined where it does not say. */
  signature(commit: string): Promise<{ readonly verified: boolean; readonly reason: string } | undefined>
}

/** What the host did not do. */
export class HostRefusal extends Error {
  readonly trouble: HostTrouble

  constructor(trouble: HostTrouble, options?: ErrorOptions) {
    super(trouble.kind, options)
    this.name = 'HostRefusal'
    this.trouble = trouble
  }
}
