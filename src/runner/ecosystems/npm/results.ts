import { tryJson } from '../../../contract/json.ts'
import type { TestResult } from '../../../contract/report.ts'
import { PartLine, type ResultLine } from '../../../contract/resultLine.ts'
import { workspacePath } from '../../../contract/workspace.ts'
import { linesIn, parsedLines, resultsOf } from '../results.ts'
import { tapTests } from './tap.ts'
import { tapDocuments } from './tapDocuments.ts'

/** Folders of packages, by name and by folder in the workspace, as a task runner may mark their lines. */
type Places = ReadonlyMap<string, string>

function placesOf(parts: readonly PartLine[], root: string): Places {
  return new Map(
    parts.flatMap(({ part, name }) => {
      const keys = [name, folderIn(root, part)].filter((key) => key !== undefined && key !== '')
      return keys.map((key) => [key as string, part] as const)
    }),
  )
}

function namedIn(reported: readonly ResultLine[], folder: string | undefined): boolean {
  return reported.some(
    (line) => folder === undefined || `${line.file ?? line.folder}/`.startsWith(`${folder}/`),
  )
}

/**
 * Tests that the documents of `text` name, of packages of which no reporter named any: what a test prints is its own,
 * and could name whatever it likes beside those that ran. A document whose package is not known stands for all.
 */
function printedTests(text: string, reported: readonly ResultLine[], places: Places): ResultLine[] {
  return tapDocuments(text).flatMap(({ text: document, label, folder }) => {
    const place = folder ?? (label === undefined ? undefined : places.get(label))
    const source = place !== undefined ? { folder: place } : label !== undefined ? { label } : {}
    return namedIn(reported, place) ? [] : tapTests(document, source)
  })
}

/**
 * Results of a test step: what the reporters wrote, what node-tap left a copy of, and what the log has in Test Anything
 * Protocol. Undefined where none of them names a test.
 */
export function npmResults(
  files: ReadonlyMap<string, Buffer>,
  log = '',
  root = workspacePath,
): TestResult[] | undefined {
  const reported = parsedLines(files)
  const places = placesOf(partsIn(files), root)
  const copied = printedTests(textIn(files), reported, places)
  const printed = printedTests(log, [...reported, ...copied], places)
  return resultsOf([...reported, ...copied, ...printed], root)
}

const partsIn = (files: ReadonlyMap<string, Buffer>) =>
  [...linesIn(files)].flatMap((line) => partLine(line) ?? [])

function textIn(files: ReadonlyMap<string, Buffer>): string {
  return [...files.values()]
    .map((bytes) => bytes.toString('utf8'))
    .filter((text) => text.includes('TAP version'))
    .join('\n')
}

function partLine(line: string): PartLine | undefined {
  if (!line.includes('"part"')) return undefined
  return PartLine.safeParse(tryJson(line)).data
}

const folderIn = (root: string, place: string) =>
  place === root ? '' : place.startsWith(`${root}/`) ? place.slice(root.length + 1) : undefined

/**
 * Packages whose test script ran without a name for any of its tests, and runners that name none. `sure` are the
 * packages that the commands themselves name, `members` all that may have run.
 */
export function unnamedParts(
  files: ReadonlyMap<string, Buffer>,
  tests: readonly TestResult[],
  {
    sure,
    members,
    root = workspacePath,
  }: { sure: readonly string[]; members: readonly string[]; root?: string },
): string[] {
  const lines = partsIn(files)
  const ran = new Map(sure.map((folder) => [folder, folder]))
  const runners = new Set<string>()
  for (const { part, name, runner } of lines) {
    const folder = folderIn(root, part)
    if (folder === undefined || (folder !== '' && !members.includes(folder))) continue
    if (runner !== undefined) runners.add(folder === '' ? runner : `${folder}: ${runner}`)
    if (folder !== '') ran.set(folder, name ?? folder)
  }
  const named = (folder: string, name: string) =>
    tests.some(({ id, file }) =>
      [`${folder}/`, `${folder} ›`, `${name} ›`].some(
        (start) => id.startsWith(start) || file?.startsWith(start) === true,
      ),
    )
  const parts = [...ran].filter(([folder, name]) => !named(folder, name)).map(([folder]) => folder)
  return [
    ...new Set([
      ...parts.filter((folder) => ![...runners].some((one) => one.startsWith(`${folder}: `))),
      ...runners,
    ]),
  ].sort()
}
