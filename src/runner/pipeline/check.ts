import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Report, RunRole } from '../../contract/report.ts'
import type { CheckScope } from '../ecosystems/ecosystem.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Progress } from '../stage.ts'
import { findFlaky, flakeCandidates } from '../verify/matrix.ts'
import { isFile } from '../verify/testFile.ts'
import { type VerifyContext, type VerifyRequest, verify } from '../verify/verify.ts'
import { inStage, type Packaged, prepared } from './stages.ts'

export interface CheckWish {
  readonly role: RunRole
  readonly prepared: Prepared
  /** The prepared tree where undefined. */
  readonly tree?: string
  readonly attempt?: number
  readonly scripts?: 'base' | 'patched'
  readonly scope?: CheckScope
}

export function request(base: Packaged, wish: CheckWish): VerifyRequest {
  return {
    role: wish.role,
    prepared: wish.prepared,
    project: base.project,
    baseTree: base.snapshot.tree,
    excluded: base.snapshot.excluded,
    ...(wish.tree === undefined ? {} : { patchedTree: wish.tree }),
    ...(wish.scripts === undefined ? {} : { scripts: wish.scripts }),
    ...(wish.scope === undefined ? {} : { scope: wish.scope }),
    ...asOnBase(base, wish.role),
  }
}

function verifyContext(run: Run, base: Packaged, progress: Progress): VerifyContext {
  const { ecosystem, settings } = base
  const { sandbox, repository, signal } = run
  return { sandbox, repository, ecosystem, artifacts: run.log.artifacts, settings, progress, signal }
}

/** Builds, tests and lints, and puts the report into the log. */
export async function checked(run: Run, base: Packaged, wish: CheckWish): Promise<Report> {
  let place = base.refilled.get(wish.prepared.key) ?? wish.prepared
  let report = await verified(run, base, { ...wish, prepared: place })
  for (let round = 0; round < maxRefills && (await lacks(run, base, report)); round += 1) {
    const again = await refill(run, base, { ...wish, prepared: place })
    if (again.key === place.key) break
    place = again
    base.refilled.set(wish.prepared.key, place)
    report = await verified(run, base, { ...wish, prepared: place })
  }
  emitReport(run, report, wish.attempt)
  return report
}

/** Times that packages found missing are fetched for one check. */
const maxRefills = 5

/** The same without a word in the log: a question about a change that nobody proposes. */
export function checkedAside(run: Run, base: Packaged, wish: CheckWish, progress: Progress): Promise<Report> {
  const place = base.refilled.get(wish.prepared.key) ?? wish.prepared
  return steadily(run, base, request(base, { ...wish, prepared: place }), progress)
}

function verified(run: Run, base: Packaged, wish: CheckWish): Promise<Report> {
  return inStage(
    run,
    { stage: 'verify', role: wish.role, attempt: wish.attempt },
    (progress) => steadily(run, base, request(base, wish), progress),
    (made) => ({ detail: outline(made), ...checksOf(made) }),
  )
}

/**
 * A run that its engine or its memory ended says nothing of the tree: it is made once more, and then that is the result.
 * Throws `engine-lost`, `engine-refused`, and `out-of-memory` where the base had enough.
 */
export async function steadily(
  run: Run,
  base: Packaged,
  wish: VerifyRequest,
  progress: Progress,
): Promise<Report> {
  const once = (): Promise<Report> => verify(verifyContext(run, base, progress), wish)
  const first = await once().catch((error: unknown) => {
    const lost = error instanceof DrydockError && error.failure.code === 'engine-lost'
    if (!lost || run.signal.aborted) throw error
    return undefined
  })
  if (first !== undefined && !isCut(first)) return first
  progress('the run was ended from outside; once more')
  const second = await once()
  const short = second.steps.find(({ outOfMemory }) => outOfMemory)
  if (short === undefined || wish.role === 'base') return second
  const before = base.known.report?.steps.find(({ command }) => command === short.command)
  if (before?.outOfMemory === true) return second
  throw failures.outOfMemory(short.command, base.settings.memoryMb)
}

/** By something other than its own time limit. */
function isCut({ steps }: Report): boolean {
  return steps.some(({ outOfMemory, timedOut, exitCode }) => outOfMemory || (exitCode === null && !timedOut))
}

async function lacks(run: Run, base: Packaged, report: Report): Promise<boolean> {
  const { ecosystem, view } = base
  if (ecosystem.lacking === undefined) return false
  const failed = report.steps.filter(({ exitCode }) => exitCode !== 0)
  const logs = await Promise.all(failed.map(({ log }) => run.log.artifacts.get(log)))
  return await ecosystem.lacking(view, Buffer.concat(logs).toString('utf8'))
}

function refill(run: Run, base: Packaged, { role, prepared: place, attempt }: CheckWish): Promise<Prepared> {
  const stageRole = role === 'base' || role === 'update' ? role : 'repair'
  const from = { tree: place.tree, lock: place.lock, seed: place.workspace }
  const wish = { role: stageRole, project: base.project, ...from } as const
  return prepared(run, base, { ...wish, ...(attempt === undefined ? {} : { attempt }) })
}

export function emitReport(run: Run, report: Report, attempt?: number): void {
  run.log.emit({ type: 'report.made', report, ...(attempt === undefined ? {} : { attempt }) })
}

/** Nothing to run is neither. */
function checksOf({ ok, steps, setupError }: Report): { readonly checks?: 'passed' | 'failed' } {
  if (steps.length === 0 && setupError === undefined) return {}
  return { checks: ok ? 'passed' : 'failed' }
}

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
  const tests = report.testsNamed ? `, ${counts.join(', ')}` : ''
  const steps = report.steps.map(({ name, exitCode }) => `${name} ${exitCode === 0 ? 'ok' : 'failed'}`)
  return `${steps.length === 0 ? 'nothing to run' : steps.join(', ')}${tests}`
}

/** What the base's run decided about the runs after it: which commands are run in parts, and what the tests' clock says. */
function asOnBase(base: Packaged, role: RunRole): Pick<VerifyRequest, 'split' | 'clock' | 'committed'> {
  const { report } = base.known
  if (report === undefined && role === 'base') return { committed: base.committed }
  const { split = [], clock } = report ?? {}
  return { split, ...(clock === undefined ? {} : { clock }) }
}

/** Reruns the tests that failed where they passed before; those that pass now and then are flaky, not broken. */
export async function flakyTests(
  run: Run,
  base: Packaged,
  reports: { readonly base: Report; readonly update: Report; readonly repair?: Report },
  wish: CheckWish,
): Promise<ReadonlySet<string>> {
  const candidates = flakeCandidates(reports)
  if (candidates.length === 0) return new Set()
  const scope = { steps: ['build' as const, 'test' as const] }
  const place = base.refilled.get(wish.prepared.key) ?? wish.prepared
  return inStage(run, { stage: 'verify', role: wish.role, attempt: wish.attempt }, (progress) =>
    findFlaky(
      candidates,
      (testFiles) => {
        progress('running failed tests again', candidates.length)
        const again = { ...request(base, { ...wish, prepared: place }), scope: { ...scope, testFiles } }
        return steadily(run, base, again, progress)
      },
      base.settings.flakeReruns,
    ),
  )
}
