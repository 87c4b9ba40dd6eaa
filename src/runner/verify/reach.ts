import type { Report } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import { placesText } from '../../contract/warnedPlaces.ts'
import type { PlaceReached, Reached, ReachedFile } from '../ecosystems/reach.ts'
import { count } from './proof.ts'

/** A line that a check should run to prove that it works. */
export interface ReachLine {
  readonly path: string
  /** 1-based. */
  readonly line: number
  /** Words of it that are asked about; the first that stands in it, else the line's own beginning. */
  readonly words?: readonly string[]
}

export interface SortedLines {
  readonly unreached: readonly ReachLine[]
  readonly unknown: readonly ReachLine[]
}

/** The lines by their files; those of files that cannot be read are left out. */
export async function asFiles(
  lines: readonly ReachLine[],
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly ReachedFile[]> {
  const paths = [...new Set(lines.map(({ path }) => path))]
  const files = paths.map(async (path): Promise<readonly ReachedFile[]> => {
    const text = await read(path)
    if (text === undefined) return []
    const own = lines.filter((line) => line.path === path)
    return [{ path, text, offsets: own.map((line) => offsetOf(text, line)) }]
  })
  return (await Promise.all(files)).flat()
}

/** UTF-16 code units from the beginning. */
function offsetOf(text: string, { line, words = [] }: ReachLine): number {
  let start = 0
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', start)
    if (end < 0) return start
    start = end + 1
  }
  const end = text.indexOf('\n', start)
  const own = text.slice(start, end < 0 ? undefined : end)
  const word = words.map((one) => own.indexOf(one)).find((at) => at >= 0)
  return start + (word ?? Math.max(0, own.search(/\S/)))
}

/**
 * Which of the lines no check ran, and of which that cannot be told. `files` as `asFiles` made them of the lines;
 * `reached` undefined: nothing was seen of the run.
 */
export function sorted(
  lines: readonly ReachLine[],
  files: readonly ReachedFile[],
  { report, reached, known, isTest }: Seen,
): SortedLines {
  const isWhole = reached !== undefined && sawAll(report, reached, isTest)
  // What a build made runs in the place of its sources, under names of its own.
  const isBuilt = [...(reached?.loaded ?? [])].some((path) => !known.has(path))
  const found = lines.map((line): PlaceReached => {
    const at = lines.filter(({ path }) => path === line.path).indexOf(line)
    const isRead = files.some(({ path }) => path === line.path)
    const place = isRead ? reached?.places.get(line.path)?.[at] : 'unknown'
    if (place === 'reached') return place
    if (!isWhole) return 'unknown'
    return place ?? (isBuilt ? 'unknown' : 'unreached')
  })
  const of = (state: PlaceReached) => lines.filter((_, at) => found[at] === state)
  return { unreached: of('unreached'), unknown: of('unknown') }
}

/** A run of the checks, and what was seen of it. */
export interface Seen {
  readonly report: Report
  readonly reached: Reached | undefined
  /** Paths of the tree. */
  readonly known: ReadonlySet<string>
  readonly isTest: (path: string) => boolean
}

/** Every file of tests that ran left what it ran: a process that was killed leaves nothing. */
function sawAll({ steps, tests }: Report, { loaded }: Reached, isTest: Seen['isTest']): boolean {
  if (!steps.some(({ name }) => name === 'test')) return true
  const ran = tests.flatMap(({ file, outcome }) =>
    file === undefined || (outcome !== 'passed' && outcome !== 'failed') ? [] : [file],
  )
  return ran.length === 0 ? [...loaded].some(isTest) : ran.every((file) => loaded.has(file))
}

/** Lines that use what the new version has no longer: nothing failed, which says nothing where nothing ran. */
export function goneWarnings(
  { package: name, to }: { readonly package: string; readonly to: string },
  { unreached, unknown }: SortedLines,
): readonly Warning[] {
  const use = (lines: readonly ReachLine[]) =>
    `${count(lines.length, 'line')} ${lines.length === 1 ? 'uses' : 'use'} what ${name} ${to}, by its interface, no longer has`
  return [
    ...(unreached.length === 0
      ? []
      : [
          {
            code: `not-run:${name}`,
            message: `${use(unreached)}, and no check ran ${unreached.length === 1 ? 'it' : 'them'}: ${placesText(unreached)}. Nothing shows that ${unreached.length === 1 ? 'it still works' : 'they still work'}.`,
            places: placesOf(unreached),
            severity: 'acknowledge' as const,
          },
        ]),
    ...(unknown.length === 0
      ? []
      : [
          {
            code: `may-not-run:${name}`,
            message: `${use(unknown)}, and it cannot be told whether a check ran ${unknown.length === 1 ? 'it' : 'them'}: ${placesText(unknown)}.`,
            places: placesOf(unknown),
            severity: 'notice' as const,
          },
        ]),
  ]
}

/** Lines that the agent wrote and nothing ran. */
export function repairWarnings({ unreached }: SortedLines): readonly Warning[] {
  if (unreached.length === 0) return []
  const message = `No check ran ${count(unreached.length, 'line')} of the repair: ${placesText(unreached)}.`
  return [{ code: 'repair-not-run', message, places: placesOf(unreached), severity: 'notice' }]
}

function placesOf(lines: readonly ReachLine[]): NonNullable<Warning['places']> {
  return lines.map(({ path, line }) => ({ path, line }))
}

/** `1 of 3 lines run, 1 not known`. */
export function reachLineText(asked: number, { unreached, unknown }: SortedLines): string {
  const told = unknown.length === 0 ? '' : `, ${unknown.length} not known`
  return `${asked - unreached.length - unknown.length} of ${count(asked, 'line')} run${told}`
}
