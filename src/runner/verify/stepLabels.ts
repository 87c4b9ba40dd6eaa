import type { Label, MatrixTest, Report, Step, SummaryFailure, TestCounts } from '../../contract/report.ts'
import { failsOtherwise } from './sameFailure.ts'
import { outcomeOf, type StepRuns, stepFault } from './steps.ts'

/** What the named tests say of the test commands. */
export interface TestsFound {
  /** Both the base and the last run named their tests. */
  readonly named: boolean
  /** Tests by name that failed in the last run. */
  readonly failing: readonly MatrixTest[]
  /** Some of them, or of those that are gone, keep the run from being green. */
  readonly blocking: boolean
}

export interface StepContext {
  readonly base: Report
  readonly last: Report
  readonly tests: TestsFound
  readonly touchesTests: boolean
}

export interface LabelledStep {
  readonly runs: StepRuns
  readonly label: Label
  /** Why it keeps the last run from being green. */
  readonly breaks?: string
}

interface Found {
  readonly label: Label
  readonly breaks?: string
}

const titles = { install: 'install', build: 'build', test: 'test command', lint: 'lint' } as const

export function titleOf({ name, command }: StepRuns): string {
  return `${titles[name]} (\`${command}\`)`
}

function ranIn(counts: TestCounts | undefined): number {
  return counts === undefined ? 0 : counts.passed + counts.failed
}

/** The names of a command's tests are all there is to say of them. */
function fullyNamed({ base, last, tests }: StepContext): boolean {
  return tests.named && (base.unnamed ?? []).length === 0 && (last.unnamed ?? []).length === 0
}

/** Tests that a runner only counts: none may be lost, unless the change says why. */
function countsBreak(runs: StepRuns, context: StepContext): string | undefined {
  const [before, now] = [runs.base?.counts, runs.last?.counts]
  if (runs.name !== 'test' || fullyNamed(context) || ranIn(before) === 0) return undefined
  const ran = ranIn(now)
  if (ran === 0) return `The test command ran no test: ${ranIn(before)} ran before (\`${runs.command}\`).`
  if (now !== undefined && before !== undefined && now.failed > before.failed)
    return `More tests fail: ${now.failed}, ${before.failed} before (\`${runs.command}\`).`
  if (ran >= ranIn(before) || context.touchesTests) return undefined
  return `Fewer tests ran: ${ran}, ${ranIn(before)} before (\`${runs.command}\`).`
}

function broken(runs: StepRuns, breaks: string | undefined): Found {
  return { label: stepFault(runs), ...(breaks === undefined ? {} : { breaks }) }
}

function endedText(runs: StepRuns): string {
  const { timedOut = false, outOfMemory = false } = runs.last ?? {}
  const how = timedOut ? 'did not end in time' : outOfMemory ? 'ran out of memory' : 'was ended by a signal'
  return `The ${titleOf(runs)} ${how}.`
}

/** It passed on the base. */
function afterGreen(runs: StepRuns, context: StepContext): Found {
  const { tests } = context
  switch (outcomeOf(runs.last)) {
    case 'passed': {
      const lost = countsBreak(runs, context)
      if (lost !== undefined) return broken(runs, lost)
      const between = runs.repair === undefined ? 'passed' : (outcomeOf(runs.update) ?? 'passed')
      if (context.base.flaky?.includes(runs.command) === true) return { label: 'flaky' }
      return { label: between === 'passed' ? 'passing' : 'repaired' }
    }
    case 'failed':
      if (runs.name !== 'test') return broken(runs, `The ${titleOf(runs)} fails.`)
      if (!tests.named) return broken(runs, `The ${titleOf(runs)} fails${unnamed(context)}.`)
      if (tests.blocking) return broken(runs, undefined)
      if (tests.failing.some(({ label }) => label === 'flaky')) return { label: 'flaky' }
      return broken(runs, `The ${titleOf(runs)} fails, although no test did that passed before.`)
    case 'ended':
      return broken(runs, endedText(runs))
    default:
      return { label: 'not run', ...(wasCut(context.last) ? {} : { breaks: notRun(runs) }) }
  }
}

function unnamed({ base }: StepContext): string {
  return base.testsNamed ? '' : '; its tests have no names'
}

/** A run that was cut short made no step after that one: its end is all there is to say. */
function wasCut({ steps }: Report): boolean {
  return steps.some((step) => outcomeOf(step) === 'ended')
}

function notRun(runs: StepRuns): string {
  return `The ${titleOf(runs)} was not run.`
}

/** It failed on the base: only what fails in another way is the change's doing. */
function afterRed(runs: StepRuns, base: Step, context: StepContext): Found {
  const { last } = runs
  const outcome = outcomeOf(last)
  if (outcome === 'passed') {
    const lost = countsBreak(runs, context)
    return lost === undefined ? { label: 'repaired' } : broken(runs, lost)
  }
  if (outcome === undefined || last === undefined) return { label: 'not run' }
  if (outcome === 'ended') return broken(runs, endedText(runs))
  const lost = countsBreak(runs, context)
  if (lost !== undefined) return broken(runs, lost)
  const other = otherFailure(base, last, runs, context)
  if (other === 'tests') return broken(runs, undefined)
  if (other === undefined) return { label: 'already failing' }
  return broken(runs, `The ${titleOf(runs)} fails in another way than on the base: ${other}.`)
}

/** `tests` where named ones say it; undefined where the command fails as it did. */
function otherFailure(base: Step, last: Step, runs: StepRuns, context: StepContext): string | undefined {
  const { tests } = context
  if (runs.name !== 'test' || !tests.named) return failsOtherwise(base, last)
  if (tests.blocking) return 'tests'
  const told = byTests(context)
  if (fullyNamed(context)) {
    if (tests.failing.length > 0) return undefined
    const before = context.base.tests.some(({ outcome }) => outcome === 'failed')
    return before ? 'no test fails, and it does' : failsOtherwise(base, last)
  }
  return failsOtherwise(base, last, told)
}

/** Failures of the log that are those of named tests. */
function byTests({ last }: StepContext): (one: SummaryFailure) => boolean {
  const failed = last.tests.filter(({ outcome }) => outcome === 'failed')
  return ({ test, file }) =>
    failed.some(({ id, file: own }) =>
      test === undefined ? own !== undefined && own === file : id === test || id.endsWith(test),
    )
}

/** Only the change's own runs know it. */
function afterNothing(runs: StepRuns, { base }: StepContext): Found {
  if (outcomeOf(runs.last) === 'passed' || runs.last?.beside !== undefined || wasCut(base))
    return { label: 'new' }
  return { label: 'new', breaks: `The ${titleOf(runs)}, which the base does not have, fails.` }
}

/** What became of one command; the last run was made. */
export function labelStep(runs: StepRuns, context: StepContext): LabelledStep {
  const { base } = runs
  if (base === undefined) return { runs, ...afterNothing(runs, context) }
  switch (outcomeOf(base)) {
    case 'passed':
      return { runs, ...afterGreen(runs, context) }
    case 'failed':
      return { runs, ...afterRed(runs, base, context) }
    default:
      // What was ended from outside says nothing of the base.
      return { runs, label: outcomeOf(runs.last) === 'passed' ? 'new' : 'not run' }
  }
}

/** A green test command that ran no test: it proves nothing. */
export function ranNothing(step: Step | undefined, report: Report): boolean {
  if (step?.name !== 'test' || outcomeOf(step) !== 'passed') return false
  if (step.counts !== undefined) return ranIn(step.counts) === 0 && !report.tests.some(wasRun)
  const alone = report.steps.filter(({ name }) => name === 'test').length === 1
  return alone && report.testsNamed && !report.tests.some(wasRun) && (report.unnamed ?? []).length === 0
}

function wasRun({ outcome }: Report['tests'][number]): boolean {
  return outcome === 'passed' || outcome === 'failed'
}
