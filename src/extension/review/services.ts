import type { Event } from '../../contract/events.ts'
import type { Remedy } from '../../contract/inEditor.ts'
import type { PullRequestPreview, PullRequestWording } from '../../contract/pullRequest.ts'
import type { RunRequest } from '../../contract/runRequest.ts'

/** Releases what it holds. */
export interface Subscription {
  dispose(): void
}

/** The sessions on disk, as the review needs them. */
export interface ReviewStore {
  /**
   * The events there are, then those that come; `fromStart` where the list begins anew, `more` where others are
   * there already, `onProblem` where it cannot be read.
   */
  follow(
    id: string,
    onEvents: (events: readonly Event[], fromStart: boolean, more: boolean) => void,
    onProblem?: (error: unknown) => void,
  ): Subscription
  /** Bytes of one of the session's artifacts. Throws `bad-log`. */
  artifact(id: string, sha256: string): Promise<Uint8Array>
}

/** The runner's processes, as the review needs them. */
export interface ReviewRunner {
  /** Starts a runner with one request and waits for its first line. Throws the failure it answers. */
  ask(request: RunRequest): Promise<{ readonly session: string }>
  /** Asks the session's runner to end. */
  cancel(id: string): Promise<unknown>
  /** The session's pull request as it would be with this wording; nothing is sent. Throws what is wrong with it. */
  preview(id: string, wording: PullRequestWording): Promise<PullRequestPreview>
  /** Puts the session's change into a work tree of its own; returns its folder. */
  checkOut(id: string): Promise<string>
}

/** What the review asks of the editor. */
export interface ReviewEditor {
  /** The whole patch, file by file. */
  openDiff(digest: string): Promise<void>
  /** One file before and after, at a line of the new side. */
  openFile(path: string, line: number | undefined): Promise<void>
  /** One file as the base has it, at a line. */
  openBase(path: string, line: number): Promise<void>
  /** Where `trusted` is not set, only after a person confirmed the whole address. */
  openLink(url: string, trusted: boolean): Promise<void>
  /** A step's whole log, an artifact. */
  openLog(title: string, log: string): Promise<void>
  /** A turn's whole request and reply, an artifact. */
  openExchange(title: string, exchange: string): Promise<void>
  /** Another session in this session's place. */
  openReview(id: string): void
  /** Whether there is a key for the model, once the person was asked for one where there is none. */
  key(): Promise<boolean>
  mend(remedy: Remedy): Promise<void>
  /** A folder in a window of its own. */
  openFolder(path: string): Promise<void>
}
