import type { Matrix, Report } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Packaged } from './packageBase.ts'

/** Where the agent's work starts from: the base with the update, or the base itself for other kinds of task. */
export interface Start {
  readonly tree: string
  readonly prepared: Prepared
  /** The update cannot be installed as it is: in `prepared` lie its files alone, and no change is checked there. */
  readonly isBare?: true
  readonly base: Report
  readonly update: Report
  /** What the second run showed of the first, where there was an update to check. */
  readonly found?: Matrix
  /** Paths that the request itself changes. */
  readonly asked: readonly string[]
  /** The base with its lock files written anew, where those committed did not fit; their changes count from it. */
  readonly baseTree?: string
  /** What the base was installed from, where the repository has no lock files of its own. */
  readonly baseLocks?: readonly WrittenLock[]
  /** How the base's lock files had to be helped, and what the request's own edits bring. */
  readonly notices?: readonly Warning[]
}

/** What is carried along from there: what the session works with, the repository as it is, and where the work starts from. */
export interface Work {
  readonly run: Run
  readonly base: Packaged
  readonly start: Start
}

/** Where there are packages to start an install from, and to read: the base's, where the update's files lie alone. */
export function placeWithPackages({ base, start }: Pick<Work, 'base' | 'start'>): Prepared {
  return start.isBare === true ? (base.known.prepared ?? start.prepared) : start.prepared
}
