import type { Matrix, Report } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { Prepared } from '../prepare/prepare.ts'

/** Where the agent's work starts from: the base with the update, or the base itself for other kinds of task. */
export interface Start {
  readonly tree: string
  readonly prepared: Prepared
  readonly base: Report
  readonly update: Report
  /** What the second run showed of the first, where there was an update to check. */
  readonly found?: Matrix
  /** Paths that the request itself changes. */
  readonly asked: readonly string[]
  /** The base with its lock file written anew, where the committed one did not fit; the lock file's changes count from it. */
  readonly baseTree?: string
  /** What the base was installed from, where the repository has no lock file. */
  readonly baseLock?: WrittenLock
  /** How the base's lock file had to be helped, and what the request's own edits bring. */
  readonly notices?: readonly Warning[]
}
