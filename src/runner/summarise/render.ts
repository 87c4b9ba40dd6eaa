import type { SummaryFailure } from '../../contract/report.ts'
import { classOf, isFile } from '../languages/testNames.ts'
import { count, type Finding, type Section } from './finding.ts'

/** Limit of a summary's text, in characters. */
export const LONGEST_TEXT = 6_000

/** A code line by `file:line`, already cut to one line. */
export type Quotes = ReadonlyMap<string, string>

interface Group {
  readonly cause: string
  readonly detail: readonly string[]
  readonly failures: SummaryFailure[]
}

/** How much is shown; the first level whose text fits its size is taken. */
interface Level {
  readonly size: number
  readonly detail: number
  readonly detailedGroups: number
  readonly cause: number
  /** Line numbers behind the names of tests. */
  readonly lines: boolean
}

const LEVELS: readonly Level[] = [
  { size: 2_200, detail: 10, detailedGroups: 40, cause: 400, lines: true },
  { size: 3_200, detail: 5, detailedGroups: 8, cause: 240, lines: true },
  { size: 4_500, detail: 2, detailedGroups: 5, cause: 160, lines: false },
  { size: LONGEST_TEXT, detail: 1, detailedGroups: 1, cause: 110, lines: false },
]

/** Control and bidirectional characters would let a log draw on a terminal or hide text from a reader. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** The same text with control characters made visible. */
export function neutralise(text: string): string {
  return text.replace(UNSAFE, '\ufffd')
}

/** Sections as text of at most 6,000 characters: causes first, equal failures together. */
export function render(sections: readonly Section[], quotes: Quotes): string {
  let text = ''
  for (const level of LEVELS) {
    text = sections.flatMap((section) => renderSection(section, level, quotes)).join('\n')
    if (text.length <= level.size) return neutralise(text)
  }
  return neutralise(cut(text))
}

function cut(text: string): string {
  const kept = text.slice(0, LONGEST_TEXT - 60)
  const end = kept.lastIndexOf('\n')
  const whole = end > LONGEST_TEXT / 2 ? kept.slice(0, end) : kept
  const left = text.slice(whole.length).split('\n').length
  return `${whole}\n… ${count(left, 'more line')}`
}

function renderSection(section: Section, level: Level, quotes: Quotes): string[] {
  const seen = new Map<string, string>()
  const groups = group(section.findings)
  const lines = groups.flatMap((each, index) =>
    renderGroup(each, index < level.detailedGroups ? level.detail : 0, level, quotes, seen),
  )
  const dropped = section.dropped ? [`… and ${count(section.dropped, 'more failure')}`] : []
  return [section.title, ...(section.notes ?? []).map((note) => note.slice(0, 400)), ...lines, ...dropped]
}

function group(findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>()
  for (const { failure, cause = failure.message, detail = [] } of findings) {
    const key = cause.replace(/\s+/g, ' ')
    const known = groups.get(key)
    if (known !== undefined) known.failures.push(failure)
    else groups.set(key, { cause: cause.split('\n')[0] ?? '', detail, failures: [failure] })
  }
  return [...groups.values()]
}

function renderGroup(
  group: Group,
  detail: number,
  level: Level,
  quotes: Quotes,
  seen: Map<string, string>,
): string[] {
  const times = group.failures.length > 1 ? ` (${group.failures.length}×)` : ''
  const quoted = detail > 0 ? quoteOf(group.failures, quotes) : []
  return [
    `- ${group.cause.slice(0, level.cause)}${times}${artifactsOf(group)}`,
    ...places(group.failures, level, seen).map((place) => `  ${place}`),
    ...quoted.map((line) => `    ${line}`),
    ...group.detail.slice(0, detail).map((line) => `    ${line.trimEnd().slice(0, level.cause)}`),
  ]
}

/** Artifacts that the cause does not name itself. */
function artifactsOf({ cause, failures }: Group): string {
  const names = failures.flatMap(({ artifact }) =>
    artifact === undefined || cause.includes(artifact) ? [] : [artifact],
  )
  return names.length === 0 ? '' : ` [${[...new Set(names)].slice(0, 10).join(', ')}]`
}

function quoteOf(failures: readonly SummaryFailure[], quotes: Quotes): string[] {
  for (const { file, line } of failures) {
    const quote = quotes.get(`${file}:${line}`)
    if (quote !== undefined) return [`${line} | ${quote}`]
  }
  return []
}

/** Line numbers of one failure that are listed for one file. */
const maxLines = 12

/** One line a test class or file, with its tests or line numbers behind it. */
function places(failures: readonly SummaryFailure[], level: Level, seen: Map<string, string>): string[] {
  const byPlace = new Map<string, Map<string, number>>()
  for (const failure of failures) {
    const { place, item } = placeOf(failure, level)
    if (place === undefined) continue
    const items = byPlace.get(place) ?? new Map<string, number>()
    if (item !== undefined) items.set(item, (items.get(item) ?? 0) + 1)
    byPlace.set(place, items)
  }
  const named = failures[0] !== undefined && titleOf(failures[0]) !== undefined
  return [...byPlace].map(([place, items]) => {
    const separator = items.size === 0 ? '' : named ? ': ' : ':'
    const list = [...items].map(([item, n]) => (named && n > 1 ? `${item} ×${n}` : item))
    const shown =
      named || list.length <= maxLines ? list : [...list.slice(0, maxLines), `… ${list.length} lines`]
    return `${shortened(place, seen)}${separator}${shown.join(', ')}`
  })
}

/** The test's name; a file that fails as a whole is a test of its own path, and no more than a place. */
function titleOf({ test }: SummaryFailure): string | undefined {
  return test !== undefined && isFile(test) ? undefined : test
}

function placeOf(failure: SummaryFailure, level: Level): { place?: string; item?: string } {
  const { line, file = failure.test } = failure
  const test = titleOf(failure)
  if (test === undefined)
    return { ...(file === undefined ? {} : { place: file }), ...(line ? { item: `${line}` } : {}) }
  const at = line === undefined || !level.lines ? '' : ` (:${line})`
  const inClass = test.includes(' › ') ? undefined : classOf(test)
  if (inClass !== undefined) {
    const { name, method } = inClass
    return { place: name, ...(method === undefined ? {} : { item: `${method}${at}` }) }
  }
  return failure.file === undefined ? { place: test } : { place: failure.file, item: `${test}${at}` }
}

/** A path in full where it comes first, by its last segment afterwards, unless two share that. */
function shortened(place: string, seen: Map<string, string>): string {
  if (!place.includes('/') || place.length < 40) return place
  const base = place.slice(place.lastIndexOf('/') + 1)
  const known = seen.get(base)
  if (known === undefined) seen.set(base, place)
  return known === place ? base : place
}
