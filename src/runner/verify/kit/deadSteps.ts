import type { Report, StepName, SummaryFailure } from '../../../contract/report.ts'
import { cutShort, stepOk, stepsOf } from '../steps.ts'
import { type PutBackRuns, ranTests } from './differences.ts'
import { sameText } from './failure.ts'
import type { Findings } from './findings.ts'
import { isWorkedOn, type Ran } from './named.ts'
import type { KitUnit } from './units.ts'

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

/** What the update alone does to the step, said where it explains that nothing was done. */
function withUpdateAlone(step: StepName, unit: KitUnit, runs: PutBackRuns): string | undefined {
  const { base, update, back, alone } = runs
  if (stepOk(update.report, step) !== false) return undefined
  if (isDead(step, update, unit, base)) {
    if (sameText(summaries(step, update.report), summaries(step, back.report))) return `as with ${alone}`
    return unit.kind === 'test' ? undefined : `as with ${alone}, whose log gives another reason`
  }
  if ([...(update.named.get(step) ?? [])].some((path) => unit.files.has(path))) return `as with ${alone}`
  if (onlyInPackages(step, back.report, update.report))
    return `for errors in installed packages that ${alone} has as well`
  const built = stepOk(update.report, 'build') !== false
  if (built || (step !== 'test' && unit.kind !== 'test')) return undefined
  return `while ${alone} got no further than the build, so that its part in this is not known`
}

/** Such as a compiler's in the new version's own declarations, which a setting or newer types were to mend. */
function onlyInPackages(step: StepName, back: Report, update: Report): boolean {
  const [own, before] = [failuresOf(step, back), failuresOf(step, update).map(placeAndText)]
  return (
    own.length > 0 &&
    own.every((one) => one.file?.includes('node_modules/') === true && before.includes(placeAndText(one)))
  )
}

function failuresOf(step: StepName, report: Report): readonly SummaryFailure[] {
  return stepsOf(report, step).flatMap(({ summary }) => summary?.failures ?? [])
}

function placeAndText({ file, line, message }: SummaryFailure): string {
  return JSON.stringify([file, line, message])
}

const deeds: Readonly<Record<StepName, string>> = {
  install: 'having installed anything',
  build: 'having compiled anything else',
  test: 'having run a test',
  lint: 'having looked at a file',
}

export function stepText(step: StepName, report: Report): string {
  const failed = stepsOf(report, step).filter(({ exitCode }) => exitCode !== 0)
  return failed
    .map(({ command, exitCode }) => `\`${command}\` ends with ${exitCode ?? 'a signal'}`)
    .join(', ')
}

export function summaries(step: StepName, report: Report): string[] {
  return stepsOf(report, step).flatMap(({ summary }) => (summary === undefined ? [] : [summary.text]))
}

/** The steps that differ; those that did no work are returned, the others speak against the patch. */
export function lookAtSteps(
  steps: readonly StepName[],
  unit: KitUnit,
  runs: PutBackRuns,
  found: Findings,
): StepName[] {
  const { report } = runs.back
  const dead: StepName[] = []
  for (const step of steps) {
    if (!isDead(step, runs.back, unit, runs.base)) {
      // Of tests each is looked at by itself.
      if (step !== 'test') accuse(step, stepText(step, report), report, found)
      continue
    }
    // Tests that the build kept from running say nothing of their own.
    const unbuilt = step === 'test' && dead.includes('build')
    const alike = unbuilt ? '' : withUpdateAlone(step, unit, runs)
    const nothing = `${stepText(step, report)} without ${deeds[step]}`
    if (alike === undefined) accuse(step, `${nothing}, ${unlike(step, runs)}`, report, found)
    else dead.push(step)
    if (alike !== undefined && !unbuilt) found.explained.push(`${nothing}, ${alike}`)
  }
  return dead
}

/** What the update alone does is no excuse here; whether it fails as well is said all the same. */
function unlike(step: StepName, { update, alone }: PutBackRuns): string {
  return stepOk(update.report, step) === false
    ? `which ${alone} does for another reason`
    : `which ${alone} does not do`
}

function accuse(step: StepName, what: string, report: Report, found: Findings): void {
  found.objections.push(what)
  found.failures.push(...summaries(step, report))
}
