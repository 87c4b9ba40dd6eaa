import type { DroppedPart } from '../../src/contract/reviewView.ts'

/** What a reviewer left out, as the diff asks it. */
export interface Choice {
  readonly file: (path: string) => boolean
  /** The hunk itself, or its whole file. */
  readonly hunk: (path: string, hunk: number) => boolean
}

export function choiceOf(dropped: readonly DroppedPart[]): Choice {
  const files = new Set(dropped.filter(({ hunk }) => hunk === undefined).map(({ path }) => path))
  const hunks = new Set(dropped.flatMap(({ path, hunk }) => (hunk === undefined ? [] : [`${hunk} ${path}`])))
  return {
    file: (path) => files.has(path),
    hunk: (path, hunk) => files.has(path) || hunks.has(`${hunk} ${path}`),
  }
}
