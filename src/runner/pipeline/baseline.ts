import { createHash } from 'node:crypto'
import type { Report, StepName } from '../../contract/report.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Runs } from '../verify/labels.ts'
import { losesNames } from '../verify/matrix.ts'
import { outcomeOf } from '../verify/steps.ts'
import { hasFailures, isReliable, mergeRuns } from '../verify/twice.ts'
import { checked, emitReport, outline, request, steadily } from './check.ts'
import { baseWish, inStage, type Packaged, prepared } from './stages.ts'

/** Everything that a result of the base can depend on. */
function keyOf(run: Run, base: Packaged, { key, tree }: Prepared): string {
  const { config, packageManager } = base.project
  const { verifyTimeoutMs, memoryMb, cpus, pids, workspaceMb, workspaceInodes, runtime } = base.settings
  const limits = { verifyTimeoutMs, memoryMb, cpus, pids, workspaceMb, workspaceInodes, runtime }
  const inputs = [run.version, key, tree, config, packageManager, limits]
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
}

/**
 * The base as it is. A result is kept between sessions only where everything that failed in it failed twice; what failed
 * is run again in every session, since the verdict on the update hangs on it.
 */
export async function baseline(run: Run, base: Packaged, place: Prepared): Promise<Report> {
  const { known } = base
  if (known.result !== undefined) return known.result
  known.prepared = place
  const key = keyOf(run, base, place)
  const kept = run.task.fresh === true ? undefined : await run.baselines.find(key, run.log.artifacts)
  const first = kept === undefined ? await checked(run, base, { role: 'base', prepared: place }) : kept
  if (kept !== undefined) await showKept(run, kept)
  // The second run does as the first one did.
  known.report = first
  const report = hasFailures(first) ? mergeRuns(first, await runAgain(run, base, failedSteps(first))) : first
  if (report !== first) emitReport(run, report)
  known.report = report
  known.result = report
  if (!isReliable(report)) await run.baselines.forget(key)
  else if (kept === undefined || hasFailures(report)) await run.baselines.keep(key, report, run.log.artifacts)
  return report
}

async function showKept(run: Run, kept: Report): Promise<void> {
  await inStage(
    run,
    { stage: 'verify', role: 'base' },
    async () => kept,
    () => ({ cached: true, detail: outline(kept) }),
  )
  emitReport(run, kept)
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
      const place = base.known.prepared ?? (await placeOf(run, base))
      const filled = base.refilled.get(place.key) ?? place
      const wish = request(base, { role: 'base', prepared: filled, scope: { steps } })
      return await steadily(run, base, { ...wish, again: true }, progress)
    },
    (made) => ({ detail: `once more: ${outline(made)}` }),
  )
  if (steps.includes('test')) base.known.again = again
  return again
}

async function placeOf(run: Run, base: Packaged): Promise<Prepared> {
  const place = await prepared(run, base, baseWish(base))
  base.known.prepared = place
  return place
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
