import type { Report, Step, StepName, TestResult } from '../../../contract/report.ts'
import { stepOk, stepsOf } from '../steps.ts'
import { isFile } from '../testFile.ts'
import type { Ran } from './named.ts'

/** The runs that a put-back is judged by. */
export interface PutBackRuns {
  readonly base: Report
  readonly update: Ran
  /** What that run is, in a sentence: `the update alone`. */
  readonly alone: string
  /** The patch as it is. */
  readonly patched: Report
  /** The patch with the unit as the base has it. */
  readonly back: Ran
  /** Tests that fail now and then: they show nothing. */
  readonly flaky: ReadonlySet<string>
}

const checkedSteps = ['build', 'test', 'lint'] as const

export interface Differences {
  readonly steps: readonly StepName[]
  /** Tests of the base that passed and do so no more. */
  readonly tests: readonly TestResult[]
}

/** It fails, as the same command did neither on the base nor as patched. */
function isWorse(step: Step, base: Report, patched: Report): boolean {
  const fails = (report: Report): boolean =>
    report.steps.some(
      ({ name, command, exitCode }) => name === step.name && command === step.command && exitCode !== 0,
    )
  return step.exitCode !== 0 && !fails(patched) && !fails(base)
}

/** What passes on the base, passes or is gone as patched, and does not pass in another run of it. */
export function differences({
  base,
  patched,
  back,
  flaky,
}: Pick<PutBackRuns, 'base' | 'patched' | 'back' | 'flaky'>): Differences {
  const { report } = back
  const now = new Map(report.tests.map((test) => [test.id, test.outcome]))
  const then = new Map(patched.tests.map((test) => [test.id, test.outcome]))
  const tested = stepOk(report, 'test') !== undefined
  const named = new Set(base.tests.filter(hasRun).map(({ file }) => file))
  const tests = base.tests.filter(
    (test) =>
      tested &&
      test.outcome === 'passed' &&
      // A script without named tests stands for itself.
      !(isFile(test) && named.has(test.file)) &&
      !flaky.has(test.id) &&
      now.get(test.id) !== 'passed' &&
      (then.get(test.id) === 'passed' || now.get(test.id) !== then.get(test.id)),
  )
  const failed = report.tests.filter(({ outcome }) => outcome === 'failed')
  const excused = failed.length > 0 && failed.every(({ id }) => flaky.has(id))
  const steps = checkedSteps.filter(
    (step) =>
      !(step === 'test' && excused) && stepsOf(report, step).some((one) => isWorse(one, base, patched)),
  )
  return { steps, tests }
}

/** A named test that came to an end of its own. */
export function hasRun(test: TestResult): boolean {
  return !isFile(test) && (test.outcome === 'passed' || test.outcome === 'failed')
}

/** Whether any named test came to an end of its own. */
export function ranTests({ tests }: Report): boolean {
  return tests.some(hasRun)
}
