/** Places of one source file that a run of the checks is asked about. */
export interface ReachedFile {
  readonly path: string
  readonly text: string
  /** Each in UTF-16 code units from the beginning of `text`. */
  readonly offsets: readonly number[]
}

/** `unknown`: the file was run in another form than it has, and what it became does not tell. */
export type PlaceReached = 'reached' | 'unreached' | 'unknown'

export interface Reached {
  /** Files of the repository, and what its build made, that were run. */
  readonly loaded: ReadonlySet<string>
  /** By path, in the order of its offsets; only of files that were run. */
  readonly places: ReadonlyMap<string, readonly PlaceReached[]>
}

/** How the checks of an ecosystem tell which lines they ran. */
export interface Reach {
  /** For every check: its processes write what they ran below `folder`, which is theirs alone. */
  env(folder: string): Readonly<Record<string, string>>
  /** A program for the container in which the checks ran. */
  argv(folder: string, files: readonly ReachedFile[]): readonly string[]
  /** Its output; undefined where it is none. */
  read(output: string): Reached | undefined
}
