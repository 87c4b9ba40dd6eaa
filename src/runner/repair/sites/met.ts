import type { Names } from './names.ts'
import type { SourceFile } from './sourceFile.ts'
import type { Use } from './uses.ts'

/** A line that has to follow another one, which meets the package itself. */
export interface Follower extends Use {
  readonly path: string
}

/** A file of the repository with the lines of it that meet the package. */
export interface Met {
  readonly file: SourceFile
  readonly names: Names
  readonly uses: readonly Use[]
}
