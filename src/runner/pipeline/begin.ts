import type { Report } from '../../contract/report.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Update } from '../update/update.ts'
import { failedReport } from '../verify/workspace.ts'
import { checkArrival } from './arrival.ts'
import { measureBase, measureUpdate } from './baseline.ts'
import { prepareBase } from './besides.ts'
import { emitReport } from './check.ts'
import { type InstalledUpdate, installUpdate } from './installUpdate.ts'
import { makeUpdate, planUpdateOf, withPeersOf } from './makeUpdate.ts'
import { moveToNewerTools } from './newerTools.ts'
import { type Packaged, packageBase } from './packageBase.ts'
import { prepareTree } from './prepareTree.ts'
import { runTogether } from './runTogether.ts'
import type { Start, Work } from './start.ts'
import { tellUpdate } from './why.ts'

/** Where a session's work starts from, with the update that was made; or the base, where it has nothing left to update. */
export type Begun = { readonly work: Work; readonly update?: Update } | { readonly upToDate: Packaged }

/** Package, update, prepare, and the first two runs. */
export async function begin(run: Run): Promise<Begun> {
  const { task } = run
  const found = await packageBase(run)
  const plan = task.kind === 'dependency-update' ? await planUpdateOf(run, task, found) : undefined
  if (task.kind === 'dependency-update' && plan === undefined) return { upToDate: found }
  const base = await moveToNewerTools(run, found, plan)
  const made = await makeStart(run, base)
  if (made === undefined) return { upToDate: base }
  const { start, ...update } = made
  return { work: { run, base, start }, ...update }
}

/** The first two runs of the matrix; what does not depend on each other goes on side by side. */
async function makeStart(run: Run, base: Packaged): Promise<{ start: Start; update?: Update } | undefined> {
  const { task } = run
  const { project } = base
  const installed = async (run: Run): Promise<Prepared> =>
    base.known.prepared ?? (await prepareBase(run, base))
  if (task.kind !== 'dependency-update') {
    const prepared = await installed(run)
    const report = await measureBase(run, base, prepared)
    return { start: { tree: prepared.tree, prepared, base: report, update: report, asked: [] } }
  }
  const [prepared, update] = makesLocks(project)
    ? await installThenUpdate(run, base, task, await installed(run))
    : await runTogether(run, installed, (run, place) => makeUpdate(run, task, base, place))
  if (update === undefined) return undefined
  const wish = {
    ...{ role: 'update' as const, tree: update.tree, locks: update.locks },
    project: withPeersOf(project, prepared),
    seed: prepared.workspace,
  }
  const [report, { prepared: made, broken }] = await runTogether(
    run,
    (run) => measureBase(run, base, prepared),
    (run) => installUpdate(run, base, wish),
  )
  // What the base turned out to lack was not known yet when the update was installed beside it.
  const after =
    broken === undefined && base.refilled.size > 0
      ? await prepareTree(run, base, { ...wish, seed: made.workspace, lacked: true })
      : made
  const second =
    broken === undefined
      ? await measureInstalled(run, base, task, { update, before: prepared, after })
      : await reportBroken(run, base, task, { update, base: report, broken })
  const asked = update.patch.files.map(({ path }) => path)
  const start = {
    ...{ tree: update.tree, prepared: after, base: report, update: second, asked },
    ...(broken === undefined ? {} : { isBare: true as const }),
  }
  const from = { baseTree: prepared.tree, baseLocks: prepared.locks }
  return {
    start: { ...start, ...from, notices: [...base.notices, ...prepared.notices, ...update.said] },
    update,
  }
}

/** The second run of the matrix, and beside it what else is known of the update. */
async function measureInstalled(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  moved: { readonly update: Update; readonly before: Prepared; readonly after: Prepared },
): Promise<Report> {
  const [report] = await runTogether(
    run,
    (run) => measureUpdate(run, base, moved.after),
    (run) => Promise.all([checkArrival(run, base, task, moved), tellUpdate(run, base, task, moved)]),
  )
  return report
}

/** The same where it cannot be installed as it is. A base that proves nothing leaves nothing to repair it by. */
async function reportBroken(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  {
    update,
    base: before,
    broken,
  }: { update: Update; base: Report; broken: NonNullable<InstalledUpdate['broken']> },
): Promise<Report> {
  if (!before.steps.some(({ exitCode }) => exitCode === 0)) throw broken.error
  const report = failedReport('update', broken.why)
  emitReport(run, report)
  await tellUpdate(run, base, task, { update })
  return report
}

/** A project without lock files is resolved once, by the base's install; the update starts from that. */
async function installThenUpdate(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  prepared: Prepared,
): Promise<[Prepared, Update | undefined]> {
  return [prepared, await makeUpdate(run, task, base, Promise.resolve(prepared))]
}
