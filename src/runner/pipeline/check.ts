import { createHash } from 'node:crypto'
import type { Report, RunRole } from '../../contract/report.ts'
import type { CheckScope } from '../ecosystems/ecosystem.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Progress } from '../stage.ts'
import { findFlaky, flakeCandidates } from '../verify/matrix.ts'
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

function request(base: Packaged, wish: CheckWish): VerifyRequest {
  return {
    role: wish.role,
    prepared: wish.prepared,
    project: base.project,
    baseTree: base.snapshot.tree,
    ...(wish.tree === undefined ? {} : { patchedTree: wish.tree }),
    ...(wish.scripts === undefined ? {} : { scripts: wish.scripts }),
    ...(wish.scope === undefined ? {} : { scope: wish.scope }),
    ...(wish.role === 'base' ? { committed: base.committed } : asOnBase(base)),
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
  return verify(verifyContext(run, base, progress), request(base, { ...wish, prepared: place }))
}

function verified(run: Run, base: Packaged, wish: CheckWish): Promise<Report> {
  return inStage(
    run,
    { stage: 'verify', role: wish.role, attempt: wish.attempt },
    (progress) => verify(verifyContext(run, base, progress), request(base, wish)),
    (made) => ({ detail: outline(made) }),
  )
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
  const wish = { role: stageRole, tree: place.tree, project: base.project, lock: place.lock } as const
  return prepared(run, base, { ...wish, ...(attempt === undefined ? {} : { attempt }) })
}

function emitReport(run: Run, report: Report, attempt?: number): void {
  run.log.emit({ type: 'report.made', report, ...(attempt === undefined ? {} : { attempt }) })
}

/** `build ok, test failed: 3 of 12 tests`. */
function outline(report: Report): string {
  if (report.setupError !== undefined) return report.setupError
  const failed = report.tests.filter(({ outcome }) => outcome === 'failed').length
  const tests = report.testsNamed
    ? `, ${report.tests.length} tests${failed > 0 ? `, ${failed} failed` : ''}`
    : ''
  const steps = report.steps.map(({ name, exitCode }) => `${name} ${exitCode === 0 ? 'ok' : 'failed'}`)
  return `${steps.length === 0 ? 'nothing to run' : steps.join(', ')}${tests}`
}

/** The base as it is; kept between sessions, since neither the tree nor its packages can have changed. */
export async function baseline(run: Run, base: Packaged, prepared: Prepared): Promise<Report> {
  const { config, packageManager } = base.project
  const key = createHash('sha256')
    .update(
      JSON.stringify([prepared.key, prepared.tree, config, packageManager, base.settings.verifyTimeoutMs]),
    )
    .digest('hex')
  const kept = await run.baselines.find(key, run.log.artifacts)
  if (kept !== undefined) {
    await inStage(
      run,
      { stage: 'verify', role: 'base' },
      async () => kept,
      () => ({ cached: true, detail: outline(kept) }),
    )
    emitReport(run, kept)
    remember(base, kept)
    return kept
  }
  const report = await checked(run, base, { role: 'base', prepared })
  remember(base, report)
  if (report.setupError === undefined) await run.baselines.keep(key, report, run.log.artifacts)
  return report
}

/** What the base's run decided about the runs after it. */
export function remember({ divided, clocks }: Packaged, { split = [], clock }: Report): void {
  for (const command of split) divided.add(command)
  if (clock !== undefined) clocks.add(clock)
}

function asOnBase({ divided, clocks }: Packaged): Pick<VerifyRequest, 'split' | 'clock'> {
  const [clock] = clocks
  return { split: [...divided], ...(clock === undefined ? {} : { clock }) }
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
        return verify(verifyContext(run, base, progress), {
          ...request(base, { ...wish, prepared: place }),
          scope: { ...scope, testFiles },
        })
      },
      base.settings.flakeReruns,
    ),
  )
}
