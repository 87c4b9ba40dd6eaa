import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Compared, TestResult } from '../../contract/report.ts'
import { ResultLine } from '../../contract/resultLine.ts'
import { workspacePath } from '../../contract/workspace.ts'

/** Bounds of what a container may have us keep: a project with more is measured by its first ones. */
const limits = { lines: 200_000, lineBytes: 64 * 1024, idChars: 1_000, messageChars: 2_000 } as const
const separator = ' › '

/** Control and bidirectional characters, but for tab and line feed. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_C}]/gu

function clean(text: string, limit: number): string {
  return stripVTControlCharacters(text.toWellFormed()).replace(unprintable, '').slice(0, limit)
}

function relative(file: string, root: string): string {
  const inside = path.posix.relative(root, path.posix.resolve(root, file))
  return inside.startsWith('..') ? file : inside
}

/** Two packages may have tests of one name: where the file is not known, the folder tells them apart. */
function folderIn(folder: string, root: string): string | undefined {
  const inside = path.posix.relative(root, folder)
  return inside.startsWith('..') ? undefined : inside
}

function parseLine(line: string): ResultLine | undefined {
  if (line === '' || line.length > limits.lineBytes) return undefined
  try {
    return ResultLine.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function resultOf(line: ResultLine, root: string): TestResult {
  const file = line.file === undefined ? undefined : clean(relative(line.file, root), limits.idChars)
  const folder = file === undefined && line.folder !== undefined ? folderIn(line.folder, root) : undefined
  // A title may tell where the workspace is, which is not the test's business.
  const titles = [...line.suite, line.title].map((title) => title.replaceAll(`${root}/`, ''))
  const names = [file, folder, ...titles].filter((name) => name !== undefined && name !== '')
  const id = clean(names.join(separator).replaceAll('\n', ' '), limits.idChars) || '(unnamed)'
  return {
    id,
    ...(file === undefined ? {} : { file }),
    outcome: line.outcome,
    durationMs: line.durationMs,
    ...(line.message === undefined ? {} : { message: clean(line.message, limits.messageChars) }),
    ...(line.compared === undefined ? {} : { compared: comparedOf(line.compared) }),
  }
}

function comparedOf(compared: Compared): Compared {
  const { expected, actual } = compared
  return {
    ...(expected === undefined ? {} : { expected: clean(expected, limits.messageChars) }),
    ...(actual === undefined ? {} : { actual: clean(actual, limits.messageChars) }),
  }
}

/** A file that did not load failed once, in however many projects of its runner. */
function withoutRepeatedWholes(tests: readonly TestResult[]): readonly TestResult[] {
  const failed = new Set<string>()
  return tests.filter(({ id, file, outcome }) => {
    if (id !== file || outcome !== 'failed') return true
    const isFirst = !failed.has(id)
    failed.add(id)
    return isFirst
  })
}

/** Ids made unique: the second test of a name is `name (2)`. */
function numbered(tests: readonly TestResult[]): TestResult[] {
  const names = new Set(tests.map(({ id }) => id))
  const seen = new Map<string, number>()
  return tests.map((test) => {
    let count = (seen.get(test.id) ?? 0) + 1
    // A test may itself be called `name (2)`.
    while (count > 1 && names.has(`${test.id} (${count})`)) count += 1
    seen.set(test.id, count)
    return count === 1 ? test : { ...test, id: `${test.id} (${count})` }
  })
}

/** Lines of the reporters' files; those of one file stand for themselves. */
export function* linesIn(files: ReadonlyMap<string, Buffer>): Generator<string> {
  for (const bytes of files.values()) yield* bytes.toString('utf8').split('\n')
}

/** Results in the reporters' files (`ResultLine` a line). Garbled lines are passed over. */
export function parsedLines(files: ReadonlyMap<string, Buffer>): ResultLine[] {
  const lines: ResultLine[] = []
  for (const text of linesIn(files)) {
    if (lines.length >= limits.lines) break
    const line = parseLine(text)
    if (line !== undefined) lines.push(line)
  }
  return lines
}

/** Tests by name; undefined where there is no line. `root` is the workspace in the container. */
export function resultsOf(lines: readonly ResultLine[], root: string): TestResult[] | undefined {
  if (lines.length === 0) return undefined
  const all = lines.slice(0, limits.lines).map((line) => resultOf(line, root))
  const tests = withoutRepeatedWholes(all)
  // Files finish in another order each time; numbering must not depend on it. The sort is stable.
  return numbered(tests.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)))
}

/** Tests by name from the reporters' files alone; where they have none, only exit codes count. */
export function results(files: ReadonlyMap<string, Buffer>, root = workspacePath): TestResult[] | undefined {
  return resultsOf(parsedLines(files), root)
}
