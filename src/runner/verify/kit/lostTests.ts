import type { Report, StepName, TestResult } from '../../../contract/report.ts'
import { stepOk } from '../steps.ts'
import { isFile } from '../testFile.ts'
import { comparedIn, newExpectation } from './comparison.ts'
import { hasRun, type PutBackRuns } from './differences.ts'
import { firstLine, isThrownIn, sameFailure } from './failure.ts'
import type { Findings, Rewritten } from './findings.ts'
import type { KitUnit } from './units.ts'

type TestFinding =
  | { readonly kind: 'load' | 'error' | 'consequence' | 'objection'; readonly message: string }
  | { readonly kind: 'rewritten'; readonly one: Rewritten }

function loadFailure(report: Report, file: string | undefined): TestResult | undefined | 'loaded' {
  if (file === undefined) return 'loaded'
  const own = report.tests.filter((test) => test.file === file)
  return own.some(hasRun) ? 'loaded' : own.find(isFile)
}

function lookAtTest(
  test: TestResult,
  dead: readonly StepName[],
  unit: KitUnit,
  runs: PutBackRuns,
): TestFinding {
  const { update, back } = runs
  const now = back.report.tests.find(({ id }) => id === test.id)
  const before = update.report.tests.find(({ id }) => id === test.id)
  const unbuilt = dead.includes('build') || dead.includes('test')
  if (now === undefined && unbuilt) return { kind: 'consequence', message: '' }
  if (isFile(test)) return { kind: 'objection', message: now?.message ?? 'it did not run' }
  const loaded = loadFailure(back.report, test.file)
  if (loaded !== 'loaded') {
    const then = loadFailure(update.report, test.file)
    const alike =
      then !== 'loaded' &&
      (then === undefined ? stepOk(update.report, 'build') === false : sameFailure(then, loaded ?? then))
    return { kind: alike ? 'load' : 'objection', message: loaded?.message ?? 'it was not loaded' }
  }
  if (now?.outcome !== 'failed') return { kind: 'objection', message: 'it did not run' }
  const message = now.message ?? ''
  if (before?.outcome !== 'failed') return { kind: 'objection', message }
  // With the update alone it fails in the same way: it tells of the tool that no longer starts.
  if (dead.length > 0 && sameFailure(before, now)) return { kind: 'consequence', message }
  const compared = comparedIn(now)
  if (compared === undefined) {
    const itself =
      isThrownIn(now, new Set([...unit.files.keys(), test.file ?? '']), unit) && sameFailure(before, now)
    return { kind: itself ? 'error' : 'objection', message }
  }
  const then = comparedIn(before)
  const { expected, actual } = compared
  const expectation = newExpectation(unit.texts, compared)
  const owned = then?.actual === actual && then?.expected === expected
  if (!owned || expectation === undefined || expected === undefined || actual === undefined)
    return { kind: 'objection', message }
  return { kind: 'rewritten', one: { test: test.id, expected, now: expectation, actual, by: runs.alone } }
}

/** Sorts the tests that a put-back costs: by what they fail, and whether the update alone does the same. */
export function lookAtTests(
  tests: readonly TestResult[],
  dead: readonly StepName[],
  unit: KitUnit,
  runs: PutBackRuns,
  found: Findings,
): void {
  const by = new Map<string, { ids: string[]; messages: string[] }>()
  for (const test of tests) {
    const one = lookAtTest(test, dead, unit, runs)
    if (one.kind === 'rewritten') found.rewritten.push(one.one)
    else {
      const { ids, messages } = by.get(one.kind) ?? { ids: [], messages: [] }
      by.set(one.kind, { ids: [...ids, test.id], messages: [...messages, one.message] })
    }
  }
  const said = (kind: string, words: (count: string) => string, into: string[]) => {
    const { ids = [], messages = [] } = by.get(kind) ?? {}
    if (ids.length === 0) return
    const count = ids.length === 1 ? '1 test' : `${ids.length} tests`
    const names = `${ids.slice(0, 3).join('; ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`
    into.push(`${words(count)} (${names}): ${firstLine(messages[0] ?? '')}`)
  }
  said('load', (count) => `${count} cannot be loaded, as with ${runs.alone}`, found.explained)
  said('error', (count) => `${count} cannot run, as with ${runs.alone}`, found.explained)
  said(
    'objection',
    (count) => `${count} of before no longer pass${count === '1 test' ? 'es' : ''}`,
    found.objections,
  )
  const { ids = [], messages = [] } = by.get('objection') ?? {}
  found.failures.push(...ids.slice(0, 5).map((id, index) => `${id}\n${messages[index] ?? ''}`))
}
