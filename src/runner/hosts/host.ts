import type { HostTrouble } from '../../contract/hostTrouble.ts'
import type { CheckSummary, PullRequestWish } from '../../contract/pullRequest.ts'
import type { PullRequestSeen } from '../../contract/pullRequestSeen.ts'
import type { ReviewThread } from '../../contract/reviewThread.ts'
import type { Kept } from './kept.ts'
import type { Threads } from './threads.ts'

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

export interface CheckResult {
  /** Undefined while it runs. */
  readonly failing: boolean | undefined
  /** What it says of itself: a stranger's text. */
  readonly said: string
  /** What the host knows its job by, where it has a log. */
  readonly job?: string
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
  /** Whether it merges by itself, and the wish that it does; missing where the host has nothing of the kind. */
  readonly selfMerge?: {
    look(base: string): Promise<SelfMerge>
    /** Asks for it; the merge comes once the required checks have passed. */
    ask(number: number): Promise<void>
  }
  /** The log of a check's job; undefined where the host gives none. */
  log(job: string): Promise<string | undefined>
  /** Threads of other people who may write that nobody has answered, and who else spoke. */
  threads(number: number, kept: Kept): Promise<Threads>
  /** Answers a thread; the answer's address, where the host gives one. */
  answer(number: number, thread: ReviewThread, text: string): Promise<string | undefined>
  comment(number: number, text: string): Promise<void>
  /** Closes the request without a merge; its branch stays. */
  close(number: number): Promise<void>
  /** Shows the result beside the commit; what came of it, as a sentence. */
  result(commit: string, summary: CheckSummary): Promise<string | undefined>
  /** What the host thinks of the commit's signature; undefined where it does not say. */
  signature(commit: string): Promise<{ readonly verified: boolean; readonly reason: string } | undefined>
}

/** What a host says of merging a pull request by itself. */
export interface SelfMerge {
  /** The base branch has checks that must pass before a merge. */
  readonly requiredChecks: boolean
  /** The repository may do it at all. */
  readonly allowed: boolean
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
