import type { Report } from '../../src/contract/report.ts'
import type { ApiChange, Release } from '../../src/runner/ecosystems/release/release.ts'
import { type CallSiteLimits, findCallSites } from '../../src/runner/repair/callSites.ts'
import { termsOf } from '../../src/runner/repair/sites/terms.ts'
import { treeOf } from './tree.ts'

/** A difference between two versions of a made package. */
export function change(
  kind: ApiChange['kind'],
  name: string,
  before: string[] = [],
  after: string[] = [],
): ApiChange {
  const word = name.split('.').at(-1) ?? name
  return { name, word, kind, of: name.includes('/') ? 'module' : 'member', before, after }
}

export type { ApiChange }

/** A failure with a stack trace that leads to a line. */
export interface Place {
  readonly file: string
  readonly line: number
}

export function moved(file: string, line: number): Place {
  return { file, line }
}

/** What a compiler said. */
interface Compiled {
  readonly compiler: string
  /** The file that it says it of. */
  readonly file?: string
}

function textOf(one: Place | Compiled): string {
  if ('compiler' in one) return one.compiler
  return `- TypeError: it fails\n  ${one.file}:${one.line}\n    at ${one.file}:${one.line}`
}

function failing(text: string | Place | Compiled): Report {
  const category =
    typeof text === 'object' && 'compiler' in text
      ? ('COMPILATION_FAILURE' as const)
      : ('TEST_FAILURE' as const)
  const told = typeof text === 'string' ? text : textOf(text)
  const file = typeof text === 'object' && 'compiler' in text ? text.file : undefined
  const failures = file === undefined ? [] : [{ file, message: told }]
  const summary = { category, failures, text: told }
  const ran = { timedOut: false, outOfMemory: false, durationMs: 1, log: 'a'.repeat(64), truncated: false }
  const step = { name: 'test' as const, command: 'npm test', exitCode: 1, ...ran, summary }
  return { role: 'update', steps: [step], tests: [], testsNamed: true, ok: false, notes: [] }
}

export interface Given {
  readonly changes?: readonly ApiChange[]
  readonly notes?: string
  readonly fails?: string | Place | Compiled
  readonly commands?: readonly string[]
  readonly package?: string
  readonly namespaces?: readonly string[]
  readonly limits?: Partial<CallSiteLimits>
}

/** Call sites of the made package `lib` in made files. */
export async function found(files: Readonly<Record<string, string>>, given: Given) {
  const { changes = [], notes, fails, commands = [], namespaces = [], limits = {} } = given
  const name = given.package ?? 'lib'
  const text = notes === undefined ? [] : [{ version: '2.0.0', text: notes }]
  const release: Release = { notes: text, changes, source: 'declarations', namespaces }
  const terms = termsOf(name, release, fails === undefined ? undefined : failing(fails))
  return await findCallSites(treeOf(files), { package: name, namespaces, commands, terms }, limits)
}

/** The same as `path:line`. */
export async function lines(files: Readonly<Record<string, string>>, given: Given): Promise<string[]> {
  return (await found(files, given)).sites.map((site) => `${site.path}:${site.line}`)
}
