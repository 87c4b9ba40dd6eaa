import {
  firstRows,
  type GroupRows,
  groupRows,
  type Redraw,
  type SessionRow,
  toRedraw,
} from './sessionRows.ts'
import type { Group } from './sessionText.ts'
import type { SessionSummary } from './summary.ts'

/** What the tree shows now, and what a person made it show. */
export class TreeRows {
  #groups: readonly GroupRows[] = []
  #places = new Map<string, { readonly group: Group; readonly row: SessionRow }>()
  #most = new Map<Group, number>()
  #words = ''

  get groups(): readonly GroupRows[] {
    return this.#groups
  }

  get words(): string {
    return this.#words
  }

  /** Another filter, with which every group begins anew. */
  filter(words: string): void {
    this.#words = words
    this.#most.clear()
  }

  /** Gives a group twice as many rows, from the next look on. */
  more(group: Group): void {
    this.#most.set(group, 2 * (this.#most.get(group) ?? firstRows))
  }

  /** Takes the sessions as they are, and tells what is to be drawn again. */
  look(all: readonly SessionSummary[], now: number): Redraw {
    const before = this.#groups
    this.#groups = groupRows(all, { words: this.#words, most: this.#most, now })
    this.#places = new Map(
      this.#groups.flatMap(({ group, rows }) => rows.map((row) => [row.id, { group, row }] as const)),
    )
    return toRedraw(before, this.#groups)
  }

  of(group: unknown): GroupRows | undefined {
    return this.#groups.find((one) => one.group === group)
  }

  /** A session's row and its group; undefined where it has none. */
  place(id: string): { readonly group: Group; readonly row: SessionRow } | undefined {
    return this.#places.get(id)
  }
}
