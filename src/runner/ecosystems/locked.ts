/** A package as a lock file names it. */
export interface Locked {
  readonly name: string
  readonly version: string
  /** It runs something when it is installed; undefined where the lock file does not tell. */
  readonly installScript?: boolean
}

/** A program for a project container that tells which packages a prepared workspace has. */
export interface Installed {
  readonly argv: readonly string[]
  /** Undefined where it does not say. */
  read(output: string): readonly Locked[] | undefined
}

/** What the installation of a package runs: `postinstall`, `node build.js`. */
export interface OwnScript {
  readonly name: string
  readonly command: string
}

/** Times, UTC, by version. */
export type Dates = ReadonlyMap<string, string>
