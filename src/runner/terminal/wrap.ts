import { stripVTControlCharacters } from 'node:util'

/** Narrower than this nobody reads; wider lines are hard to follow. Columns. */
const widest = 120
const narrowest = 40

/** Columns that prose may take on a terminal; no limit where nobody looks at one. */
export function columnsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  if (isTTY !== true || columns === undefined) return Number.POSITIVE_INFINITY
  return Math.max(narrowest, Math.min(columns, widest))
}

/** Columns of a terminal as it is, for what stands in columns; no limit where nobody looks at one. */
export function widthOf({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  return isTTY === true && columns !== undefined ? Math.max(narrowest, columns) : Number.POSITIVE_INFINITY
}

/** Paragraphs at the left edge filled anew; what is indented stands as it is. */
export function filled(text: string, columns: number): string {
  return text
    .replaceAll(/(?<=[^\s:])\n(?=\S)/g, ' ')
    .split('\n')
    .map((line) => (/^\s/.test(line) ? line : wrapped(line, columns).replaceAll('\n  ', '\n')))
    .join('\n')
}

/** Lines that are too long go on below, at words; what goes on is indented as its line, and two further. */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => (lengthOf(line) <= columns ? line : wrappedLine(line, columns)))
    .join('\n')
}

export function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length
}

function wrappedLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)?.[0] ?? ''
  const deeper = `${indent.slice(0, columns / 2)}  `
  const lines: string[] = []
  let now = indent
  // Spaces stay with the word before them: columns of a line are not lost.
  for (const word of line.slice(indent.length).match(/\S+ */g) ?? []) {
    if (now.trim() !== '' && lengthOf(now + word.trimEnd()) > columns) {
      lines.push(now.trimEnd())
      now = deeper
    }
    now += word
  }
  return [...lines, now.trimEnd()].join('\n')
}
