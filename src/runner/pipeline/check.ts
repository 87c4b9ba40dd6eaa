import type { Report } from '../../contract/report.ts'
import type { CheckScope } from '../ecosystems/check.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Progress, StageDetail } from '../stage.ts'
import { findFlaky, flakeCandidates, holds, matrix, mostFlaky } from '../verify/matrix.ts'
import { ranNothing } from '../verify/stepLabels.ts'
import { isFile } from '../verify/testFile.ts'
import { joinReports, scopeOfOwn, verifyBesides } from './besides.ts'
import { inStage } from './inStage.ts'
import { type CheckWish, checkRefilling, makeVerifyRequest, measureSteadily } from './measure.ts'
import type { Packaged } from './packageBase.ts'
import { prepareTree } from './prepareTree.ts'

/** Builds, tests and lints, and puts the report into the log. */
export async function checkTree(run: Run, base: Packaged, wish: CheckWish): Promise<Report> {
  let others: readonly Report[] | undefined
  const look = async (prepared: Prepared): Promise<Report> => {
    const made = await verifyInStage(run, base, { ...wish, prepared }, others)
    others = made.others
    return made.own
  }
  const refilled = (prepared: Prepared): Promise<Prepared> => refill(run, base, { ...wish, prepared })
  const own = await checkRefilling(run, base, wish.prepared, look, refilled)
  const report = joinReports([own, ...(others ?? [])]) ?? own
  emitReport(run, report, wish.attempt)
  return report
}

/** The same without a word in the log: a question about a change that nobody proposes. */
export async function checkAside(
  run: Run,
  base: Packaged,
  wish: CheckWish & { readonly again?: true },
  progress: Progress,
): Promise<Report> {
  const prepared = base.refilled.get(wish.prepared.key) ?? wish.prepared
  const scope = scopeOfOwn(base, wish.scope)
  const again = wish.again === true ? { again: true as const } : {}
  const own = async (scope: CheckScope): Promise<Report> => {
    const asked = makeVerifyRequest(base, { ...wish, prepared, scope })
    return await measureSteadily(run, base, { ...asked, ...again }, progress)
  }
  const report = joinReports([
    ...(scope === undefined ? [] : [await own(scope)]),
    ...(await verifyBesides(run, base, wish, progress)),
  ])
  if (report === undefined) throw new TypeError('a check of nothing')
  return report
}

interface Verified {
  readonly own: Report
  readonly others: readonly Report[]
}

function verifyInStage(
  run: Run,
  base: Packaged,
  wish: CheckWish,
  others?: readonly Report[],
): Promise<Verified> {
  return inStage(
    run,
    { stage: 'verify', role: wish.role, attempt: wish.attempt },
    async (progress) => {
      const own = await measureSteadily(run, base, makeVerifyRequest(base, wish), progress)
      return { own, others: others ?? (await verifyBesides(run, base, wish, progress)) }
    },
    ({ own, others }) => {
      const made = joinReports([own, ...others]) ?? own
      return { detail: outline(made), ...checksOf(made, beforeChange(base, wish)) }
    },
  )
}

function refill(run: Run, base: Packaged, { role, prepared, attempt }: CheckWish): Promise<Prepared> {
  const stageRole = role === 'base' || role === 'update' ? role : 'repair'
  const from = { tree: prepared.tree, locks: prepared.locks, seed: prepared.workspace }
  const wish = { role: stageRole, project: base.project, lacked: true, ...from } as const
  return prepareTree(run, base, { ...wish, ...(attempt === undefined ? {} : { attempt }) })
}

export function emitReport(run: Run, report: Report, attempt?: number): void {
  run.log.emit({ type: 'report.made', report, ...(attempt === undefined ? {} : { attempt }) })
}

/** What the base came to, where a change is checked after it. */
function beforeChange({ known }: Packaged, { role }: CheckWish): Report | undefined {
  return role === 'base' ? undefined : (known.result ?? known.report)
}

/** Nothing to run is neither. */
export function checksOf(report: Report, before?: Report): Pick<StageDetail, 'checks' | 'asOnBase'> {
  const { ok, steps, setupError } = report
  if (steps.length === 0 && setupError === undefined) return {}
  if (ok) return { checks: 'passed' }
  const isOld =
    before !== undefined && setupError === undefined && holds(matrix({ base: before, update: report }))
  return { checks: 'failed', ...(isOld ? { asOnBase: true } : {}) }
}

/** What running failed tests again came to; `last` is the run they failed in. */
export function flakesOf(
  candidates: number,
  flaky: ReadonlySet<string>,
  runs: { readonly base: Report; readonly last: Report },
): StageDetail {
  const left = candidates - flaky.size
  const again = `once more: ${left} of ${candidates} ${candidates === 1 ? 'test' : 'tests'} failed again`
  if (!holds(matrix({ base: runs.base, update: runs.last, flaky })))
    return { detail: again, checks: 'failed' }
  return { detail: again, ...(runs.base.ok ? { checks: 'passed' } : { checks: 'failed', asOnBase: true }) }
}

const noTest = 'no test ran'

/** `build ok, test failed, 12 tests, 3 failed, 1 file did not load`. */
export function outline(report: Report): string {
  if (report.setupError !== undefined) return report.setupError
  const failed = report.tests.filter(({ outcome }) => outcome === 'failed')
  const files = failed.filter(isFile).length
  const named = report.tests.length - files
  const counts = [
    `${named} ${named === 1 ? 'test' : 'tests'}`,
    ...(failed.length > files ? [`${failed.length - files} failed`] : []),
    ...(files > 0 ? [`${files} ${files === 1 ? 'file' : 'files'} failed as a whole`] : []),
  ]
  const steps = report.steps.map((step) => {
    if (ranNothing(step, report)) return noTest
    return `${step.name} ${step.exitCode === 0 ? 'ok' : 'failed'}`
  })
  const isEmpty = report.tests.length === 0 && steps.includes(noTest)
  const tests = report.testsNamed && !isEmpty ? `, ${counts.join(', ')}` : ''
  return `${steps.length === 0 ? 'nothing to run' : steps.join(', ')}${tests}`
}

/** Reruns the tests that failed where they passed before; those that pass now and then are flaky, not broken. */
export async function flakyTests(
  run: Run,
  base: Packaged,
  reports: { readonly base: Report; readonly update: Report; readonly repair?: Report },
  wish: CheckWish,
): Promise<ReadonlySet<string>> {
  const candidates = flakeCandidates(reports)
  // Nothing is run again: there is nothing to tell of.
  if (candidates.length === 0 || candidates.length > mostFlaky || base.settings.flakeReruns === 0)
    return new Set()
  const scope = { steps: ['build' as const, 'test' as const] }
  const last = reports.repair ?? reports.update
  return inStage(
    run,
    { stage: 'verify', role: wish.role, attempt: wish.attempt },
    (progress) =>
      findFlaky(
        candidates,
        (testFiles) => {
          progress('running failed tests again', candidates.length)
          return checkAside(run, base, { ...wish, scope: { ...scope, testFiles } }, progress)
        },
        base.settings.flakeReruns,
      ),
    (flaky) => flakesOf(candidates.length, flaky, { base: reports.base, last }),
  )
}
