import type { Report, StepName, TestResult } from '../../../contract/report.ts'
import { isFile } from '../labels.ts'
import { cutShort, stepOk, stepsOf } from '../steps.ts'
import { comparedIn, newExpectation } from './comparison.ts'
import { firstLine, isThrownIn, sameFailure } from './failure.ts'
import { isWorkedOn, type Ran } from './named.ts'
import type { KitUnit } from './units.ts'

/** The runs that a put-back is judged by. */
export interface PutBackRuns {
  readonly base: Report
  readonly update: Ran
  /** The patch as it is. */
  readonly patched: Report
  /** The patch with the unit as the base has it. */
  readonly back: Ran
  /** Tests that fail now and then: they show nothing. */
  readonly flaky: ReadonlySet<string>
}

/** A test whose expectation the patch rewrote to what the library gives. */
export interface Rewritten {
  readonly test: string
  readonly expected: string
  readonly now: string
  readonly actual: string
}

export type Decision =
  | { readonly kind: 'same' }
  /** What was put back no longer runs with the new version. */
  | { readonly kind: 'excused'; readonly what: readonly string[] }
  | {
      readonly kind: 'expectation'
      readonly what: readonly string[]
      readonly rewritten: readonly Rewritten[]
    }
  /** It runs, and something fails that passes only as the patch has it; `failures` is what the run says of it. */
  | { readonly kind: 'objection'; readonly what: readonly string[]; readonly failures: readonly string[] }

const checkedSteps = ['build', 'test', 'lint'] as const

export interface Differences {
  readonly steps: readonly StepName[]
  /** Tests of the base that passed and do so no more. */
  readonly tests: readonly TestResult[]
}

/** What passes on the base, passes or is gone as patched, and does not pass in another run of it. */
export function differences({ base, patched, back, flaky }: Omit<PutBackRuns, 'update'>): Differences {
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
  const steps = checkedSteps.filter(
    (step) => stepOk(report, step) === false && stepOk(patched, step) !== false,
  )
  return { steps, tests }
}

function hasRun(test: TestResult): boolean {
  return !isFile(test) && (test.outcome === 'passed' || test.outcome === 'failed')
}

/** Whether any named test came to an end of its own. */
export function ranTests({ tests }: Report): boolean {
  return tests.some(hasRun)
}

/** Whether the step ended without having done any of its work, as far as it shows. */
function isDead(step: StepName, { report, named }: Ran, unit: KitUnit, base: Report): boolean {
  if (stepOk(report, step) !== false || cutShort(report, step)) return false
  if (step === 'test') {
    if (ranTests(base)) return !ranTests(report)
    const counts = stepsOf(report, step).flatMap((one) => one.counts ?? [])
    if (counts.some(({ passed, failed }) => passed + failed > 0)) return false
  }
  return ![...(named.get(step) ?? [])].some((path) => !unit.files.has(path) && isWorkedOn(path))
}

/** `no`: the new version alone does not do it; `unknown`: it got no further than the build. */
function withUpdateAlone(
  step: StepName,
  unit: KitUnit,
  { base, update }: PutBackRuns,
): 'same' | 'unknown' | 'no' {
  if (isDead(step, update, unit, base)) return 'same'
  if (stepOk(update.report, step) !== false) return 'no'
  const named = [...(update.named.get(step) ?? [])]
  if (named.some((path) => unit.files.has(path))) return 'same'
  const built = stepOk(update.report, 'build') !== false
  return !built && (step === 'test' || unit.kind === 'test') ? 'unknown' : 'no'
}

interface Findings {
  readonly explained: string[]
  readonly objections: string[]
  readonly failures: string[]
  readonly rewritten: Rewritten[]
}

const deeds: Readonly<Record<StepName, string>> = {
  install: 'having installed anything',
  build: 'having compiled anything else',
  test: 'having run a test',
  lint: 'having looked at a file',
}

function stepText(step: StepName, report: Report): string {
  const failed = stepsOf(report, step).filter(({ exitCode }) => exitCode !== 0)
  return failed
    .map(({ command, exitCode }) => `\`${command}\` ends with ${exitCode ?? 'a signal'}`)
    .join(', ')
}

function summaries(step: StepName, report: Report): string[] {
  return stepsOf(report, step).flatMap(({ summary }) => (summary === undefined ? [] : [summary.text]))
}

/** The steps that differ; those that did no work are returned, the others speak against the patch. */
function lookAtSteps(
  steps: readonly StepName[],
  unit: KitUnit,
  runs: PutBackRuns,
  found: Findings,
): StepName[] {
  const { report } = runs.back
  return steps.filter((step) => {
    if (isDead(step, runs.back, unit, runs.base)) {
      const before = withUpdateAlone(step, unit, runs)
      if (before !== 'no') {
        const alike =
          before === 'same'
            ? 'as with the update alone'
            : 'while the update alone got no further than the build, so that its part in this is not known'
        found.explained.push(`${stepText(step, report)} without ${deeds[step]}, ${alike}`)
        return true
      }
      found.objections.push(
        `${stepText(step, report)} without ${deeds[step]}, although with the update alone it did its work`,
      )
      found.failures.push(...summaries(step, report))
      return false
    }
    if (step === 'test') return false
    found.objections.push(stepText(step, report))
    found.failures.push(...summaries(step, report))
    return false
  })
}

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
  return { kind: 'rewritten', one: { test: test.id, expected, now: expectation, actual } }
}

function lookAtTests(
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
  said('load', (count) => `${count} cannot be loaded, as with the update alone`, found.explained)
  said('error', (count) => `${count} cannot run, as with the update alone`, found.explained)
  said(
    'objection',
    (count) => `${count} of before no longer pass${count === '1 test' ? 'es' : ''}`,
    found.objections,
  )
  const { ids = [], messages = [] } = by.get('objection') ?? {}
  found.failures.push(...ids.slice(0, 5).map((id, index) => `${id}\n${messages[index] ?? ''}`))
}

/**
 * What a run with a unit of the base put back shows. Decided by what ran: which steps did any work, which files were
 * loaded, which tests failed by an assertion, and whether the update alone does the same.
 */
export function decide(unit: KitUnit, runs: PutBackRuns): Decision {
  const { report } = runs.back
  if (report.setupError !== undefined)
    return { kind: 'objection', what: [`the run could not be made: ${report.setupError}`], failures: [] }
  const differing = differences(runs)
  const { steps, tests } = differing
  if (steps.length === 0 && tests.length === 0) return { kind: 'same' }
  const found: Findings = { explained: [], objections: [], failures: [], rewritten: [] }
  const cut = steps.filter((step) => cutShort(report, step))
  for (const step of cut) found.objections.push(`${stepText(step, report)}: it was ended from outside`)
  const dead = lookAtSteps(
    steps.filter((step) => !cut.includes(step)),
    unit,
    runs,
    found,
  )
  if (!cut.includes('test')) lookAtTests(tests, dead, unit, runs, found)
  const silent =
    steps.includes('test') && tests.length === 0 && !dead.includes('test') && !cut.includes('test')
  if (silent && found.objections.length === 0 && !dead.includes('build')) {
    found.objections.push(`${stepText('test', report)}, although every test that passed before passes`)
    found.failures.push(...summaries('test', report))
  }
  if (found.objections.length > 0)
    return { kind: 'objection', what: found.objections, failures: found.failures }
  if (found.rewritten.length > 0)
    return { kind: 'expectation', what: found.explained, rewritten: found.rewritten }
  return { kind: 'excused', what: found.explained }
}
