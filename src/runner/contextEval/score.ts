import { readSections } from '../patch/sections.ts'

/** Lines of a repository's files by path, 1-based. */
export type LinesByPath = ReadonlyMap<string, ReadonlySet<number>>

/** How well a first message names what a reference repair touches. */
export interface ContextScore {
  /** Lines that the reference repair changes or deletes; a deleted file counts as its first line. */
  readonly touched: number
  readonly named: number
  readonly both: number
  /** Share of the touched lines that are named. */
  readonly recall: number
  /** Share of the named lines that are touched; null where none is named. */
  readonly precision: number | null
  /** `path:line` of touched lines that the message does not name. */
  readonly missed: readonly string[]
}

/** Base lines that a patch changes or deletes. What it only adds has no line to be named. */
export function touchedLines(patch: string): LinesByPath {
  const touched = new Map<string, Set<number>>()
  for (const { path, status, hunks } of readSections(patch)) {
    if (status === 'added') continue
    const lines = new Set<number>(status === 'deleted' ? [1] : [])
    for (const hunk of status === 'deleted' ? [] : hunks) {
      let line = hunk.oldStart
      for (const text of hunk.lines) {
        if (text.startsWith('-')) lines.add(line)
        if (text.startsWith('-') || text.startsWith(' ')) line += 1
      }
    }
    if (lines.size > 0) touched.set(path, lines)
  }
  return touched
}

/** Lines beside a path as tools and summaries write them: `a.js:3`, `a.js:3, 7`, `a.ts(3,5)`, `A.java:[3,5]`. */
const place = /^(?::\[|\(|:line )(\d+)|^:(\d+(?:, \d+)*)/
/** Titles of tests below their file: `a.test.js: adds (:3), subtracts (:7)`. */
const titled = /^: .*\(:\d+\)/
const beginsHere = /(?:^|[^\w./@-]|(?:^|[^\w./])\.\/|\/workspace\/)$/
const listed = /^ {2}(\d+): /

/** What a path may be written as: whole, and by its name alone where no other file has it. */
function spellings(paths: readonly string[]): ReadonlyMap<string, string> {
  const names = paths.map((path) => path.slice(path.lastIndexOf('/') + 1))
  const short = paths.flatMap((path, at) => {
    const name = names[at] ?? ''
    return names.filter((other) => other === name).length === 1 ? [[name, path] as const] : []
  })
  return new Map([...short, ...paths.map((path) => [path, path] as const)])
}

/** Lines that a text names: beside their path, or indented below a line that is the path alone. */
export function namedLines(text: string, paths: readonly string[]): LinesByPath {
  const named = new Map<string, Set<number>>()
  const add = (path: string, line: number) => {
    named.set(path, (named.get(path) ?? new Set()).add(line))
  }
  const known = spellings(paths)
  let heading: string | undefined
  for (const line of text.split('\n')) {
    const below = listed.exec(line)?.[1]
    if (paths.includes(line)) heading = line
    else if (below === undefined) heading = undefined
    if (heading !== undefined && below !== undefined) {
      add(heading, Number(below))
      continue
    }
    for (const [spelling, path] of known) for (const at of placesOf(line, spelling)) add(path, at)
  }
  return named
}

function placesOf(line: string, path: string): readonly number[] {
  const found: number[] = []
  for (let at = line.indexOf(path); at >= 0; at = line.indexOf(path, at + path.length)) {
    // Another path may end in the same way.
    if (!beginsHere.test(line.slice(0, at))) continue
    const rest = line.slice(at + path.length)
    const [, one, several] = place.exec(rest) ?? []
    found.push(...(one ?? several ?? '').split(', ').filter(Boolean).map(Number))
    if (titled.test(rest))
      found.push(...[...rest.matchAll(/\(:(\d+)\)/g)].map(([, number]) => Number(number)))
  }
  return found
}

/** Compares a first message with the reference repair of the same repository. */
export function scoreContext(message: string, paths: readonly string[], patch: string): ContextScore {
  const touched = touchedLines(patch)
  const named = namedLines(message, paths)
  const gone = new Set(
    readSections(patch)
      .filter(({ status }) => status === 'deleted')
      .map(({ path }) => path),
  )
  const missed: string[] = []
  let all = 0
  let both = 0
  for (const [path, lines] of touched) {
    for (const line of lines) {
      all += 1
      const hit = gone.has(path) ? message.includes(path) : named.get(path)?.has(line) === true
      if (hit) both += 1
      else missed.push(`${path}:${line}`)
    }
  }
  const told = new Map([...named].filter(([path]) => !gone.has(path)))
  const sum = [...told.values()].reduce((count, lines) => count + lines.size, 0)
  const count = sum + [...gone].filter((path) => message.includes(path)).length
  return {
    touched: all,
    named: count,
    both,
    recall: all === 0 ? 1 : both / all,
    precision: count === 0 ? null : both / count,
    missed,
  }
}
