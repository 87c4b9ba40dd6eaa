/** A lock file that the package manager wrote, as the user's own would have. */
export interface WrittenLock {
  readonly path: string
  readonly bytes: Buffer
}
