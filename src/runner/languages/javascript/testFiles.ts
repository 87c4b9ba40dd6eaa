import type { Warning } from '../../../contract/verdict.ts'
import { acknowledge, type Change, tally } from '../../integrity/change.ts'
import { syntaxOf } from './syntax.ts'
import { readScriptTests, type Said, type ScriptTests } from './testCalls.ts'
import { readUnits, type Units } from './units.ts'

interface Side {
  readonly tests: ScriptTests
  readonly units: Units
}

interface Script {
  readonly change: Change
  readonly before: Side | undefined
  readonly after: Side | undefined
}

const foundByName = /\.(test|spec|e2e|cy|it)\.|(^|\/)__tests__\//
const nothing: Said & { readonly times: number } = { times: 0, assertions: 0, exact: 0 }
/** What test kits give a test that asks for nothing, ms. */
const usualLimit = 5000

function sideOf(path: string, text: string | undefined): Side | undefined | 'unread' {
  if (text === undefined) return undefined
  const syntax = syntaxOf(path, text)
  if (syntax === undefined) return 'unread'
  return { tests: readScriptTests(syntax, text), units: readUnits(path, syntax) }
}

function declares(side: Side | undefined): boolean {
  return side !== undefined && [...side.tests.tests.values()].some(({ times }) => times > 0)
}

/** A test's file may go by any name: what declares tests is one. */
function scriptOf(change: Change): Script | undefined {
  if (change.role !== 'test' && change.role !== 'source') return undefined
  const [before, after] = [sideOf(change.path, change.before), sideOf(change.path, change.after)]
  if (before === 'unread' || after === 'unread' || (before === undefined && after === undefined))
    return undefined
  const isTest = declares(before) || (change.role === 'test' && (declares(after) || after !== undefined))
  return isTest ? { change, before, after } : undefined
}

/** What the patch leaves of each title, wherever it stands now; a file that no runner finds by name counts for nothing. */
function left(scripts: readonly Script[]): ReadonlyMap<string, typeof nothing> {
  const total = new Map<string, typeof nothing>()
  const renamed = scripts.some(({ change, before }) => before !== undefined && foundByName.test(change.path))
  for (const { change, before, after } of scripts) {
    if (after === undefined || (change.role !== 'test' && before === undefined)) continue
    if (before === undefined && renamed && !foundByName.test(change.path)) continue
    for (const [title, said] of after.tests.tests) total.set(title, sum(total.get(title) ?? nothing, said))
  }
  return total
}

function sum(one: typeof nothing, other: typeof nothing): typeof nothing {
  return {
    times: one.times + other.times,
    assertions: one.assertions + other.assertions,
    exact: one.exact + other.exact,
  }
}

function number(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function lossWarnings(
  { change, before, after }: Script,
  now: ReadonlyMap<string, typeof nothing>,
): Warning[] {
  const { path } = change
  const lost = { tests: [] as string[], assertions: 0, exact: 0 }
  for (const [title, was] of before?.tests.tests ?? []) {
    const is = now.get(title) ?? nothing
    if (is.times < was.times) lost.tests.push(title)
    else {
      lost.assertions += Math.max(0, was.assertions - is.assertions)
      lost.exact += Math.max(0, was.exact - is.exact)
    }
  }
  const titles = lost.tests
    .slice(0, 3)
    .map((title) => JSON.stringify(title.slice(0, 80)))
    .join(', ')
  if (lost.tests.length > 0 && after === undefined)
    return [
      acknowledge(
        `test-deleted:${path}`,
        path,
        `${path} is deleted, with ${number(lost.tests.length, 'test')}: ${titles}.`,
      ),
    ]
  if (lost.tests.length > 0)
    return [
      acknowledge(
        `tests-removed:${path}`,
        path,
        `${path} has ${number(lost.tests.length, 'test')} fewer: ${titles}.`,
      ),
    ]
  if (lost.assertions > 0)
    return [
      acknowledge(
        `assertions-removed:${path}`,
        path,
        `${path} has ${number(lost.assertions, 'assertion')} fewer that always run.`,
      ),
    ]
  return lost.exact > 0
    ? [acknowledge(`assertions-weakened:${path}`, path, `${path} asserts less than it did.`)]
    : []
}

function skipWarnings({ change: { path }, before, after }: Script): Warning[] {
  if (after === undefined) return []
  const rises = [...after.tests.skips].map(
    ([kind, number]) => [kind, number - (before?.tests.skips.get(kind) ?? 0)] as const,
  )
  const risen = rises.filter(([, number]) => number > 0)
  const longer = before !== undefined && after.tests.limit > Math.max(usualLimit, before.tests.limit)
  const all = longer ? [...risen, ['longer time limit', 1] as const] : risen
  return all.length === 0
    ? []
    : [acknowledge(`tests-skipped:${path}`, path, `${path} keeps tests from counting: ${tally(all)}.`)]
}

function unitWarnings({ change: { path }, before, after }: Script): Warning[] {
  if (before === undefined || after === undefined) return []
  const [was, is] = [before.units, after.units]
  const what = [
    ...(was.sources > 0 && is.sources === 0 ? ['no longer loads the code it tests'] : []),
    ...(is.ownKit > was.ownKit ? ['takes its assertions from a file of the project'] : []),
    ...(is.replaced > was.replaced ? ['replaces parts of the project'] : []),
  ]
  return what.length === 0 ? [] : [acknowledge(`harness:${path}`, path, `${path} ${what.join(', ')}.`)]
}

export interface ScriptFindings {
  readonly warnings: readonly Warning[]
  /** Files whose tests were read by their syntax. */
  readonly read: ReadonlySet<string>
}

/** Tests in scripts that go, are skipped or say less, by their syntax: a title may move, a text may be written anew. */
export function scriptTestWarnings(changes: readonly Change[]): ScriptFindings {
  const scripts = changes.flatMap((change) => scriptOf(change) ?? [])
  const now = left(scripts)
  return {
    warnings: scripts.flatMap((script) => [
      ...lossWarnings(script, now),
      ...skipWarnings(script),
      ...unitWarnings(script),
    ]),
    read: new Set(
      scripts.flatMap(({ change, before }) =>
        before === undefined && change.before !== undefined ? [] : [change.path],
      ),
    ),
  }
}
