import type { Lock } from '../ecosystems/project.ts'

/** A lock file that a package manager wrote, as the user's own would have. */
export interface WrittenLock extends Lock {
  readonly bytes: Buffer
}
