import { createHash } from 'node:crypto'
import type { Report, StepName } from '../../contract/report.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Runs } from '../verify/labels.ts'
import { losesNames } from '../verify/matrix.ts'
import { outcomeOf } from '../verify/steps.ts'
import { hasFailures, isReliable, mergeRuns } from '../verify/twice.ts'
import { prepareBase } from './besides.ts'
import { checkAside, checksOf, checkTree, emitReport, outline } from './check.ts'
import { inStage } from './inStage.ts'
import { remember } from './measure.ts'
import type { Packaged } from './packageBase.ts'

/** Everything that a result can depend on. */
function keyOf(run: Run, base: Packaged, { key, tree }: Prepared): string {
  const { config, packageManager } = base.project
  const beside = base.besides.map(({ project, known }) => [project.packageManager, known.prepared?.key])
  const { verifyTimeoutMs, memoryMb, cpus, pids, workspaceMb, workspaceInodes, runtime } = base.settings
  const limits = { verifyTimeoutMs, memoryMb, cpus, pids, workspaceMb, workspaceInodes, runtime }
  return digestOf([run.version, key, tree, config, packageManager, limits, ...beside])
}

function digestOf(inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
}

/**
 * The base as it is. A result is kept between sessions only where everything that failed in it failed twice; what failed
 * is run again in every session, since the verdict on the update depends on it.
 */
export async function measureBase(run: Run, base: Packaged, prepared: Prepared): Promise<Report> {
  const { known, besides } = base
  if (known.result !== undefined) return known.result
  known.prepared = prepared
  const key = keyOf(run, base, prepared)
  const kept = run.task.fresh === true ? undefined : await run.baselines.find(key, run.log.artifacts)
  const first = kept === undefined ? await checkTree(run, base, { role: 'base', prepared }) : kept
  if (kept !== undefined) await showKept(run, kept)
  // The second run does as the first one did.
  remember(base, first)
  const report = hasFailures(first) ? mergeRuns(first, await runAgain(run, base, failedSteps(first))) : first
  if (report !== first) emitReport(run, report)
  remember(base, report)
  known.result = report
  // A clock that is not told in the report, or a project without checks, would not be known to the next session.
  const isWhole = besides.every(({ known }) => known.clock === undefined && known.unmeasured === undefined)
  if (!isReliable(report) || !isWhole) await run.baselines.forget(key)
  else if (kept === undefined || hasFailures(report))
    await run.baselines.keep(keyOf(run, base, measured(base, prepared)), report, run.log.artifacts)
  return report
}

/** With the packages that a check found missing: the next session begins with them. */
function measured({ refilled }: Packaged, prepared: Prepared): Prepared {
  return refilled.get(prepared.key) ?? prepared
}

async function showKept(run: Run, kept: Report, before?: Report): Promise<void> {
  await inStage(
    run,
    { stage: 'verify', role: kept.role },
    async () => kept,
    () => ({ cached: true, detail: outline(kept), ...checksOf(kept, before) }),
  )
  emitReport(run, kept)
}

/**
 * The base with the update. Where its build breaks that is kept as well: nothing that is kept can be green, and what an
 * agent makes of it is checked as ever. What passes, and what tests alone say, is run in every session.
 */
export async function measureUpdate(run: Run, base: Packaged, after: Prepared): Promise<Report> {
  const { known, besides } = base
  const before = known.report
  const keyAt = (prepared: Prepared): string =>
    digestOf(['update', keyOf(run, base, prepared), before?.split ?? [], before?.clock ?? ''])
  const mayKeep = besides.length === 0
  const kept =
    run.task.fresh === true || !mayKeep
      ? undefined
      : await run.baselines.find(keyAt(after), run.log.artifacts)
  if (kept !== undefined) {
    await showKept(run, kept, before)
    return kept
  }
  const report = await checkTree(run, base, { role: 'update', prepared: after })
  if (mayKeep && breaksBuild(report))
    await run.baselines.keep(keyAt(measured(base, after)), report, run.log.artifacts)
  return report
}

/** By the build's own word: nothing of it was ended from outside. */
function breaksBuild({ steps, setupError }: Report): boolean {
  const isWhole = steps.every((step) => outcomeOf(step) !== 'ended')
  return (
    setupError === undefined &&
    isWhole &&
    steps.some((step) => step.name === 'build' && outcomeOf(step) === 'failed')
  )
}

/** Commands that did not pass, and the build that the others need. */
function failedSteps({ steps }: Report): readonly StepName[] {
  const cut = steps.some((step) => outcomeOf(step) === 'ended')
  const failed = steps.filter((step) => outcomeOf(step) !== 'passed').map(({ name }) => name)
  return cut ? ['build', 'test', 'lint'] : [...new Set<StepName>(['build', ...failed])]
}

/** The base once more; later questions of the same session get the same answer where it covers them. */
function runAgain(run: Run, base: Packaged, steps: readonly StepName[]): Promise<Report> {
  const again = inStage(
    run,
    { stage: 'verify', role: 'base' },
    async (progress) => {
      progress('once more, to see what fails or is named twice')
      const prepared = base.known.prepared ?? (await placeOf(run, base))
      return await checkAside(run, base, { role: 'base', prepared, scope: { steps }, again: true }, progress)
    },
    (made) => ({ detail: `once more: ${outline(made)}`, ...checksOf(made) }),
  )
  if (steps.includes('test')) base.known.again = again
  return again
}

async function placeOf(run: Run, base: Packaged): Promise<Prepared> {
  const prepared = await prepareBase(run, base)
  base.known.prepared = prepared
  return prepared
}

/**
 * The runs with the base's second one, where that was made already or tests are missing by name: only what two runs of
 * the base name alike can be lost.
 */
export async function withNames<Given extends Runs>(run: Run, base: Packaged, runs: Given): Promise<Given> {
  const { known } = base
  if (known.again === undefined && losesNames(runs)) await runAgain(run, base, ['build', 'test'])
  const again = await known.again
  return again === undefined ? runs : { ...runs, again }
}
