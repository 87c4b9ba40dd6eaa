import { stripVTControlCharacters } from 'node:util'

/** Narrower than this nobody reads; wider lines are hard to follow. Columns. */
const widest = 120
const narrowest = 40

/** Columns that prose may take on a terminal; no limit where nobody looks at one. */
export function columnsOf({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  if (isTTY !== true || columns === undefined) return Number.POSITIVE_INFINITY
  return Math.max(narrowest, Math.min(columns, widest))
}

/** Lines that are too long go on below, at words; what goes on is indented as its line, and two further. */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => (lengthOf(line) <= columns ? line : wrappedLine(line, columns)))
    .join('\n')
}

function lengthOf(text: string): number {
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
