import type { Kept } from '../../src/contract/states/ofUpdate.ts'
import type { Choice } from '../model/choice.ts'
import type { DiffLine } from '../model/patch.ts'
import type { DiffLayout } from '../model/rows.ts'
import type { Syntax } from '../model/syntax.ts'

/** What every row of a diff needs. */
export interface DiffContext {
  readonly digest: string
  readonly choice: Choice
  readonly syntax: Syntax
  readonly layout: DiffLayout
  readonly toggle: (path: string) => void
  /** The line that somebody came for. */
  readonly marked: DiffLine | undefined
  /** Parts can be left out now. */
  readonly droppable: boolean
  /** Why the file stays; undefined where it may be left out. */
  readonly kept: (path: string) => Kept | undefined
}
