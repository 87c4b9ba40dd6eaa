/** A bracket, or the tag of a component, that is open at some place of a text. */
export interface Opening {
  readonly sign: string
  /** Index of the line where the statement with it begins. */
  readonly line: number
  /** Index of the line that it stands on. */
  readonly row: number
  /** That statement up to the bracket: `class A extends B`, `const one: Two =`, `parse`; of a tag its name. */
  readonly head: string
  /** The one around it. */
  readonly up: Opening | undefined
}

/** What is open where a line begins, or before a column of it; innermost. */
export type OpenAt = (line: number, column?: number) => Opening | undefined

const comment = '\\/\\/[^\\n]*|\\/\\*[\\s\\S]*?\\*\\/'
const quoted = ["'(?:\\\\.|[^'\\\\\\n])*'", '"(?:\\\\.|[^"\\\\\\n])*"', '`(?:\\\\.|[^`\\\\])*`'].join('|')
const tag = '(?<![\\w$.)\\]])<[A-Z][\\w.]*(?=[\\s/>])'
const token = new RegExp(`${comment}|${quoted}|${tag}|[=-]>|[{}()[\\]>;\\n]`, 'g')

const closes: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' }
/** The next line goes on with the statement of the last one. */
const goesOn = /^\s*(?:[.?:&|+*/%=<>{)\]},-]|(?:extends|implements|throws|else|catch|finally|as|satisfies)\b)/
const unfinished = /(?:[=(,[&|+?:.<-]|=>|\b(?:return|extends|implements|new|await))\s*$/

interface Level extends Opening {
  /** Where a statement inside the one around it begins. */
  readonly begin: Place
}

interface Place {
  readonly at: number
  readonly row: number
}

function newlines(text: string): number {
  return text.split('\n').length - 1
}

/** Reads a text once; strings and comments hold no brackets. A bracket that never opened is passed over. */
export function openingsOf(lines: readonly string[]): OpenAt {
  const text = lines.join('\n')
  const starts: (Level | undefined)[] = [undefined]
  let level: Level | undefined
  let begin: Place = { at: 0, row: 0 }
  const nextRow = () => {
    starts.push(level)
    return starts.length - 1
  }
  for (const { 0: found, index } of text.matchAll(token)) {
    const [row, end] = [starts.length - 1, index + found.length]
    if (found === '\n') {
      const ends = !/[([<]/.test(level?.sign ?? '') && !goesOn.test(lines[row + 1] ?? '')
      if (ends && !unfinished.test(lines[row] ?? '')) begin = { at: end, row: row + 1 }
      nextRow()
    } else if (found === ';') begin = { at: end, row }
    else if (/^[({[<]/.test(found)) {
      level = opened(text.slice(begin.at, index), found, begin, { row, up: level })
      begin = { at: end, row }
    } else if (closes[found] !== undefined) {
      const match = openOf(level, closes[found])
      if (match !== undefined) [level, begin] = [match.up as Level | undefined, match.begin]
    } else {
      for (let more = newlines(found); more > 0; more -= 1) nextRow()
      if (/^\/[/*]/.test(found) && text.slice(begin.at, index).trim() === '')
        begin = { at: end, row: starts.length - 1 }
    }
  }
  return (line, column = 0) => within(starts[line], lines[line]?.slice(0, column) ?? '', line)
}

function opened(before: string, found: string, begin: Place, where: Pick<Opening, 'row' | 'up'>): Level {
  const space = /^\s*/.exec(before)?.[0] ?? ''
  const head = found.startsWith('<') ? found.slice(1) : before.trim().slice(0, 600)
  return { sign: found[0] ?? '', head, line: begin.row + newlines(space), begin, ...where }
}

/** The innermost one of a sign; a tag is closed by nothing but what stands directly in it. */
function openOf(level: Opening | undefined, sign: string): Level | undefined {
  if (sign === '<') return level?.sign === '<' ? (level as Level) : undefined
  let one = level
  while (one !== undefined && one.sign !== sign) one = one.up
  return one as Level | undefined
}

/** Goes on from the beginning of a line. */
function within(start: Opening | undefined, text: string, line: number): Opening | undefined {
  let level = start
  for (const { 0: found, index } of text.matchAll(token)) {
    const [sign = ''] = found
    if (/[({[<]/.test(sign) && !/^["'`/]/.test(found))
      level = {
        sign,
        line,
        row: line,
        head: sign === '<' ? found.slice(1) : text.slice(0, index).trim(),
        up: level,
      }
    else if (closes[found] !== undefined) level = openOf(level, closes[found])?.up ?? level
  }
  return level
}

/** Those around a place, the nearest first. */
export function* around(opening: Opening | undefined): Generator<Opening> {
  for (let one = opening; one !== undefined; one = one.up) yield one
}
