/** A package as a lock file names it. */
export interface Locked {
  readonly name: string
  readonly version: string
  /** It runs something when it is installed; undefined where the lock file does not tell. */
  readonly installScript?: boolean
}

/** What the installation of a package runs: `postinstall`, `node build.js`. */
export interface OwnScript {
  readonly name: string
  readonly command: string
}
