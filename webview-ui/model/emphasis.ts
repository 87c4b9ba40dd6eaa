import { diffWordsWithSpace } from 'diff'
import type { Token } from './syntax.ts'

export interface Piece extends Token {
  /** It differs from the other line. */
  readonly changed: boolean
}

const maxLength = 600
/** Lines that share less than this are two lines, not one changed. */
const leastShared = 0.3

/** Which stretches of `text` are not in `other`, as offsets; none where the lines have little in common. */
export function changedRanges(text: string, other: string): readonly (readonly [number, number])[] {
  if (text.length > maxLength || other.length > maxLength) return []
  const ranges: [number, number][] = []
  let at = 0
  let shared = 0
  for (const { value, added, removed } of diffWordsWithSpace(other, text)) {
    if (removed) continue
    if (added) ranges.push([at, at + value.length])
    else shared += value.trim().length
    at += value.length
  }
  return shared >= leastShared * text.trim().length && shared > 0 ? ranges : []
}

/** The tokens of a line, cut where a changed stretch begins or ends. */
export function pieces(
  tokens: readonly Token[],
  ranges: readonly (readonly [number, number])[],
): readonly Piece[] {
  const made: Piece[] = []
  let start = 0
  for (const { text, scope } of tokens) {
    const end = start + text.length
    const cuts = ranges.flat().filter((cut) => cut > start && cut < end)
    const bounds = [start, ...cuts, end]
    for (const [at, from] of bounds.slice(0, -1).entries()) {
      const to = bounds[at + 1] ?? end
      const changed = ranges.some(([first, last]) => from >= first && to <= last)
      made.push({
        text: text.slice(from - start, to - start),
        changed,
        ...(scope === undefined ? {} : { scope }),
      })
    }
    start = end
  }
  return made
}
