import { parse } from 'yaml'
import type { Finding, Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'
import { isShell, Printed } from './printed.ts'
import { testFinding, testName } from './tests.ts'

const RESULT = /^(\s*)(not )?ok \d+(?: -)? ?(.*)$/
const TELLING = /^\s*(?:ok |not ok |# |---|TAP )/
/** What a file printed before it could say anything of its tests stands in comments. */
const COMMENT = /^# (?!Subtest: |(?:tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) \d)/
const SUBTEST = /^(\s*)# Subtest: (.*)$/
const DIRECTIVE = /\s# (?:time=\S+|duration\S*).*$|\s#\s*$/
const EXCUSED = /\s# (?:TODO|SKIP)\b/i
const LONGEST_BLOCK = 200

interface Failed {
  readonly name: string
  readonly indent: number
  readonly number: number
  readonly yaml: string[]
  /** What the file printed before. */
  readonly thrown: Finding | undefined
}

/** Test Anything Protocol, as node:test and tap write it: leaves only, named with their suites. */
export function tap(): Recogniser {
  const failed: Failed[] = []
  const suites: string[] = []
  let yaml: string[] | undefined
  let inYaml = false
  let deepest = -1
  let tapSeen = false
  const printed = new Printed()
  const result = (match: RegExpExecArray, number: number) => {
    const indent = (match[1]?.length ?? 0) / 4
    const parent = deepest > indent
    deepest = match[2] === undefined ? Math.min(deepest, indent) : indent
    yaml = undefined
    if (match[2] === undefined && indent === 0) printed.clear()
    if (match[2] === undefined || EXCUSED.test(match[3] ?? '') || parent || failed.length >= 600) return
    const title = (match[3] ?? '').replace(DIRECTIVE, '').trim()
    yaml = []
    const name = testName([...suites.slice(0, indent), title])
    const thrown = indent === 0 ? printed.take(title) : undefined
    failed.push({ name, indent, number, yaml, thrown })
  }
  return {
    get needles() {
      return tapSeen ? ['ok ', '# '] : ['not ok ', '# Subtest: ', 'TAP version']
    },
    busy: () => inYaml,
    line(line, number) {
      if (!inYaml && !TELLING.test(line)) return
      if (!inYaml && COMMENT.test(line)) {
        printed.push(line.slice(2), number)
        return
      }
      const trimmed = line.trimStart()
      tapSeen ||= trimmed.startsWith('TAP version') || trimmed.startsWith('# Subtest: ')
      if (inYaml) {
        if (trimmed === '...') inYaml = false
        else if (yaml !== undefined && yaml.length < LONGEST_BLOCK) yaml.push(line)
      } else if (trimmed.startsWith('# Subtest: ')) {
        const match = SUBTEST.exec(line)
        const depth = (match?.[1]?.length ?? 0) / 4
        suites.length = Math.min(suites.length, Math.floor(depth))
        suites.push(match?.[2] ?? '')
      } else if (trimmed.startsWith('ok ') || trimmed.startsWith('not ok ')) {
        const match = RESULT.exec(line)
        if (match !== null) result(match, number)
      } else if (trimmed === '---' && yaml !== undefined) inYaml = true
    },
    end() {
      return sectionOf('TEST_FAILURE', 'tests', 'failure', failed.flatMap(explained))
    },
  }
}

/** A file that could not be loaded fails as a test of its name; why stands in what it printed before. */
function explained(one: Failed): Found[] {
  const { thrown, number } = one
  return foundOf(one).map((found) =>
    thrown !== undefined && isShell(found.finding) ? { finding: thrown, number } : found,
  )
}

function foundOf({ name, yaml, number }: Failed): Found[] {
  const block = readBlock(yaml)
  if (text(block.failureType) === 'subtestsFailed') return []
  const [file, line, column] = placeOf(block)
  const titles = name.split(' › ')
  const title = titles.at(-1) ?? name
  // tap runs each file as a test of its own.
  const test = titles.length > 1 && titles[0] === file ? titles.slice(1).join(' › ') : name
  const body = [...bodyOf(block, title), ...stackOf(block)]
  const { failure, cause, detail = [] } = testFinding(test, file, body)
  const finding: Finding = {
    failure: {
      ...failure,
      ...(line === undefined ? {} : { line: failure.line ?? line }),
      ...(column === undefined || failure.line !== undefined ? {} : { column }),
    },
    detail,
    ...(cause === undefined ? {} : { cause }),
  }
  return [{ finding, number }]
}

function readBlock(lines: readonly string[]): Record<string, unknown> {
  const indent = lines[0]?.search(/\S/) ?? 0
  try {
    const value: unknown = parse(lines.map((line) => line.slice(indent)).join('\n'), { logLevel: 'silent' })
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // Not YAML after all: its lines still tell something.
    return {
      error: lines
        .map((line) => line.trim())
        .slice(0, 6)
        .join('\n'),
    }
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** node:test says `location`, tap says `at`. */
function placeOf(
  block: Record<string, unknown>,
): [string | undefined, number | undefined, number | undefined] {
  const location = /^(?:file:\/\/)?(.+):(\d+):(\d+)$/.exec(text(block.location) ?? '')
  if (location !== null) return [location[1], Number(location[2]), Number(location[3])]
  const at = block.at
  if (typeof at !== 'object' || at === null || !('fileName' in at) || typeof at.fileName !== 'string')
    return [undefined, undefined, undefined]
  return [
    at.fileName,
    'lineNumber' in at ? Number(at.lineNumber) : undefined,
    'columnNumber' in at ? Number(at.columnNumber) : undefined,
  ]
}

function bodyOf(block: Record<string, unknown>, title: string): string[] {
  const name = text(block.name)
  const error = (text(block.error) ?? text(block.message) ?? title)
    .split('\n')
    .filter((line) => line.trim() !== '')
  const diff = (text(block.diff) ?? '')
    .split('\n')
    .filter((line) => /^[-+]/.test(line) && !/^(?:---|\+\+\+)/.test(line))
  const values = ['expected', 'actual'].flatMap((key) => {
    const value = text(block[key])
    return value === undefined || error.length > 1 ? [] : [`${key}: ${value}`]
  })
  const [first, ...rest] = error
  return [
    ...(first === undefined ? [] : [name && !first.startsWith(name) ? `${name}: ${first}` : first]),
    ...rest,
    ...diff,
    ...values,
  ]
}

function stackOf(block: Record<string, unknown>): string[] {
  return (text(block.stack) ?? '').split('\n').map((line) => `    at ${line.trim()}`)
}
