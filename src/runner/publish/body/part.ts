/** A section of a pull request's text: its items can be left out one by one, from the end, where there is no room. */
export interface Part {
  /** Ours, never untrusted. */
  readonly title: string
  /** Stands before the items, and stays. */
  readonly lead?: string
  /** Markdown of one item each. */
  readonly items: readonly string[]
  /** How items stand together; a list where undefined. */
  readonly draw?: (items: readonly string[]) => string
  /** Stands after the items, and stays. */
  readonly tail?: string
  /** Shut until somebody opens it. */
  readonly folded?: boolean
  /** Items beyond those that the session itself did not keep. */
  readonly more?: number
}

/** Items of an open section that are shown where there is room for all. */
const mostOpen = 30

function drawList(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

interface Drawn {
  readonly part: Part
  /** Items that are shown. */
  readonly count: number
  readonly text: string
}

function drawn(part: Part, count: number, pointer: string): Drawn {
  const { title, lead = '', items, draw = drawList, tail = '', folded = false, more = 0 } = part
  const left = items.length - count
  const rest = [
    ...(left === 0 ? [] : [`… and ${left} more: ${pointer}.`]),
    ...(more === 0 ? [] : [`${more} more ${more === 1 ? 'was' : 'were'} found and not kept.`]),
  ].join(' ')
  const shown = count === 0 ? '' : draw(items.slice(0, count))
  const inner = [lead, shown, rest, tail].filter((text) => text !== '').join('\n\n')
  const text = folded
    ? `<details>\n<summary>${title}</summary>\n\n${inner}\n\n</details>`
    : `### ${title}\n\n${inner}`
  return { part, count, text: inner === '' ? '' : text }
}

/**
 * The parts as one text of at most `max` UTF-16 units, which are never fewer than characters. Where that is too little
 * the largest part loses items first, then what is the largest then; `pointer` says where the rest is.
 */
export function fitted(parts: readonly Part[], max: number, pointer: string): string {
  return fittedGroups([parts], max, pointer).join('')
}

/** The same for parts that become several texts, all of them together within `max`. */
export function fittedGroups(
  groups: readonly (readonly Part[])[],
  max: number,
  pointer: string,
): readonly string[] {
  let all = groups.flatMap((parts, group) =>
    parts.map((part) => {
      const count = part.folded === true ? part.items.length : Math.min(part.items.length, mostOpen)
      return { ...drawn(part, count, pointer), group }
    }),
  )
  for (;;) {
    const texts = groups.map((_, group) => joined(all.filter((one) => one.group === group)))
    const excess = texts.reduce((sum, text) => sum + text.length, 0) - max
    if (excess <= 0) return texts
    const largest = all.filter(({ count }) => count > 0).toSorted((a, b) => b.text.length - a.text.length)[0]
    // Nothing of ours comes near it without items.
    if (largest === undefined) return cut(texts, max)
    const { part, count } = largest
    const each = Math.max(1, largest.text.length / count)
    const fewer = Math.max(0, count - Math.max(1, Math.ceil(excess / each)))
    all = all.map((one) => (one === largest ? { ...drawn(part, fewer, pointer), group: one.group } : one))
  }
}

function cut(texts: readonly string[], max: number): readonly string[] {
  let room = max
  return texts.map((text) => {
    const shown = text.slice(0, room)
    room -= shown.length
    return shown
  })
}

function joined(all: readonly Drawn[]): string {
  return all
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join('\n\n')
    .concat('\n')
}
