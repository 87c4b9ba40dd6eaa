import type { Report, Step, TestCounts, TestResult } from '../../contract/report.ts'
import { bothFailures } from './sameFailure.ts'
import { alignSteps, outcomeOf, type StepRuns } from './steps.ts'
import { isFile } from './testFile.ts'

/** Whether something of a run failed or did not come to its end, so that a second one could say otherwise. */
export function hasFailures({ steps, tests, setupError }: Report): boolean {
  if (setupError !== undefined) return false
  return (
    steps.some((step) => outcomeOf(step) !== 'passed') || tests.some(({ outcome }) => outcome === 'failed')
  )
}

/** Whether a run can be kept for later ones: all that failed in it failed twice. */
export function isReliable({ steps, setupError, flaky = [] }: Report): boolean {
  return setupError === undefined && flaky.length === 0 && steps.every((step) => outcomeOf(step) !== 'ended')
}

interface Merged<T> {
  readonly made: readonly T[]
  readonly flaky: readonly string[]
}

function allPassed(counts: TestCounts | undefined): Partial<Step> {
  if (counts === undefined) return {}
  return { counts: { ...counts, passed: counts.passed + counts.failed, failed: 0 } }
}

function mergeStep({ base, last }: StepRuns): { readonly step: Step; readonly flaky: boolean } | undefined {
  if (base === undefined) return undefined
  const [before, again] = [outcomeOf(base), outcomeOf(last)]
  if (last === undefined || before === again) {
    return { step: last !== undefined && before === 'failed' ? bothFailures(base, last) : base, flaky: false }
  }
  if (before === 'passed') return { step: base, flaky: again === 'failed' }
  if (again !== 'passed') return { step: before === 'ended' ? last : base, flaky: false }
  const { summary: _, ...rest } = base
  const { exitCode, timedOut, outOfMemory, log, truncated } = last
  const passed = { ...rest, exitCode, timedOut, outOfMemory, log, truncated, ...allPassed(base.counts) }
  return { step: passed, flaky: true }
}

function mergeSteps(first: Report, again: Report): Merged<Step> {
  const rows = alignSteps({ base: first, update: again })
  const merged = rows.flatMap((row) => mergeStep(row) ?? [])
  // What could not run after a step that was ended did so now.
  const known = new Set(merged.map(({ step }) => step.command))
  const later = first.steps.some((step) => outcomeOf(step) === 'ended') ? again.steps : []
  return {
    made: [...merged.map(({ step }) => step), ...later.filter(({ command }) => !known.has(command))],
    flaky: merged.filter(({ flaky }) => flaky).map(({ step }) => step.command),
  }
}

function mergeTests(first: Report, again: Report): Merged<TestResult> {
  const now = new Map(again.tests.map((test) => [test.id, test]))
  const loaded = new Set(again.tests.filter((test) => !isFile(test)).map(({ file }) => file))
  const made: TestResult[] = []
  const flaky: string[] = []
  const opened = new Set<string>()
  for (const test of first.tests) {
    const other = now.get(test.id)
    if (test.outcome === 'failed' && isFile(test) && other?.outcome !== 'failed' && loaded.has(test.file)) {
      flaky.push(test.id)
      opened.add(test.file ?? '')
    } else if (test.outcome === 'failed' && other?.outcome === 'passed') {
      flaky.push(test.id)
      made.push(other)
    } else {
      if (test.outcome === 'passed' && other?.outcome === 'failed') flaky.push(test.id)
      made.push(test)
    }
  }
  const known = new Set(made.map(({ id }) => id))
  const more = again.tests.filter(({ id, file }) => opened.has(file ?? '') && !known.has(id))
  return { made: [...made, ...more], flaky }
}

/**
 * Two runs of the same tree as one: what passed in either passes, and is named as flaky where the other failed it; what
 * failed in both says everything that it said in either.
 */
export function mergeRuns(first: Report, again: Report): Report {
  if (again.setupError !== undefined) return first
  const steps = mergeSteps(first, again)
  const tests = mergeTests(first, again)
  const flaky = [...tests.flaky, ...(tests.flaky.length === 0 ? steps.flaky : [])]
  return {
    ...first,
    steps: [...steps.made],
    tests: [...tests.made],
    testsNamed: first.testsNamed || (again.testsNamed && first.tests.length === 0 && again.tests.length > 0),
    ok: steps.made.every(({ exitCode }) => exitCode === 0),
    ...(flaky.length === 0 ? {} : { flaky }),
  }
}
