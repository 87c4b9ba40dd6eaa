import type { DependencyUpdate } from '../../contract/task.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Update } from '../update/update.ts'
import { arrived } from './arrived.ts'
import { baseline, withUpdate } from './baseline.ts'
import { preparedBase } from './besides.ts'
import { onNewerTools } from './newerTools.ts'
import { type Packaged, packaged } from './packaged.ts'
import { prepared } from './prepared.ts'
import type { Start, Work } from './start.ts'
import { together } from './together.ts'
import { planned, updated, withPeersOf } from './updated.ts'
import { tellUpdate } from './why.ts'

/** Where a session's work starts from, with the update that was made; or the base, where it has nothing left to update. */
export type Begun = { readonly work: Work; readonly update?: Update } | { readonly upToDate: Packaged }

/** Package, update, prepare, and the first two runs. */
export async function begin(run: Run): Promise<Begun> {
  const { task } = run
  const found = await packaged(run)
  const plan = task.kind === 'dependency-update' ? await planned(run, task, found) : undefined
  if (task.kind === 'dependency-update' && plan === undefined) return { upToDate: found }
  const base = await onNewerTools(run, found, plan)
  const made = await startOf(run, base)
  if (made === undefined) return { upToDate: base }
  const { start, ...update } = made
  return { work: { run, base, start }, ...update }
}

/** The first two runs of the matrix; what does not depend on each other goes on side by side. */
async function startOf(run: Run, base: Packaged): Promise<{ start: Start; update?: Update } | undefined> {
  const { task } = run
  const { project } = base
  const installed = async (run: Run): Promise<Prepared> =>
    base.known.prepared ?? (await preparedBase(run, base))
  if (task.kind !== 'dependency-update') {
    const place = await installed(run)
    const report = await baseline(run, base, place)
    return { start: { tree: place.tree, prepared: place, base: report, update: report, asked: [] } }
  }
  const [place, update] = makesLocks(project)
    ? await afterwards(run, base, task, await installed(run))
    : await together(run, installed, (run, place) => updated(run, task, base, place))
  if (update === undefined) return undefined
  const wish = {
    ...{ role: 'update' as const, tree: update.tree, locks: update.locks },
    project: withPeersOf(project, place),
    seed: place.workspace,
  }
  const [report, after] = await together(
    run,
    (run) => baseline(run, base, place),
    (run) => prepared(run, base, wish),
  )
  const [second] = await together(
    run,
    (run) => withUpdate(run, base, after),
    (run) =>
      Promise.all([
        arrived(run, base, task, { update, before: place, after }),
        tellUpdate(run, base, task, { update, before: place, after }),
      ]),
  )
  const asked = update.patch.files.map(({ path }) => path)
  const start = { tree: update.tree, prepared: after, base: report, update: second, asked }
  const from = { baseTree: place.tree, baseLocks: place.locks }
  return {
    start: { ...start, ...from, notices: [...base.notices, ...place.notices, ...update.said] },
    update,
  }
}

/** A project without lock files is resolved once, by the base's install; the update starts from that. */
async function afterwards(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  place: Prepared,
): Promise<[Prepared, Update | undefined]> {
  return [place, await updated(run, task, base, Promise.resolve(place))]
}
