import { failures } from '../../contract/failures.ts'
import type { Report } from '../../contract/report.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { Remeasured } from '../evidence/compare.ts'
import type { Bundle } from '../evidence/value.ts'
import { roleOf } from '../patch/roles.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import { matrix } from '../verify/matrix.ts'
import { failedReport } from '../verify/workspace.ts'
import { measureBase, withNames } from './baseline.ts'
import { checkTree, flakyTests } from './check.ts'
import { type InstalledUpdate, installUpdate } from './installUpdate.ts'
import { withPeersOf } from './makeUpdate.ts'
import { moveToToolsFor } from './newerTools.ts'
import { type Packaged, packageBase } from './packageBase.ts'
import { baseWish, prepareTree } from './prepareTree.ts'

/** A tree of the session, and the workspace to check it in. */
interface Placed {
  readonly tree: string
  readonly prepared: Prepared
}

/**
 * The runs that a bundle tells of, made again from the base commit: the base, the update, the whole change. Packages
 * come by the lock files as the patches have them; nothing is repaired, judged or resolved anew.
 */
export async function remeasureBundle(run: Run, bundle: Bundle): Promise<Remeasured> {
  const { record, update, patch, reports } = bundle
  const raised = record.warnings.map(({ code }) => code)
  const base = await moveToToolsFor(run, await packageBase(run), record.versions?.to, raised)
  const prepared = await prepareTree(run, base, baseWish(base))
  const before = await measureBase(run, base, prepared)
  const first: Placed = { tree: base.snapshot.tree, prepared }
  const updated = await updatedPlace(
    run,
    base,
    first,
    reports.update === undefined ? undefined : (update ?? patch),
  )
  const second =
    updated === undefined
      ? undefined
      : updated.broken === undefined
        ? await checkTree(run, base, { role: 'update', prepared: updated.prepared })
        : failedReport('update', updated.broken.why)
  const common = { base: before, update: second ?? before }
  const role = reports.dropped === undefined ? 'repair' : 'dropped'
  if (reports[role] === undefined) {
    if (updated === undefined || second === undefined) throw failures.notReproducible('it has no change')
    const flaky = await flakyTests(run, base, common, { role: 'update', prepared: updated.prepared })
    return { reports: common, matrix: matrix(await withNames(run, base, { ...common, flaky })) }
  }
  const last = await changedPlace(run, base, updated ?? first, patch, role)
  const wish = { role, prepared: last.prepared, tree: last.tree, scripts: 'patched' } as const
  const third = await checkTree(run, base, wish)
  const runs = { ...common, repair: third }
  const flaky = await flakyTests(run, base, runs, wish)
  const touchesTests = record.patch.files.some((file) => file.role === 'test')
  const found = matrix(await withNames(run, base, { ...runs, flaky, touchesTests }))
  return { reports: reportsOf(before, second, role, third), matrix: found }
}

function reportsOf(
  base: Report,
  update: Report | undefined,
  role: 'repair' | 'dropped',
  last: Report,
): Remeasured['reports'] {
  return { base, ...(update === undefined ? {} : { update }), [role]: last }
}

async function updatedPlace(
  run: Run,
  base: Packaged,
  { tree: before, prepared }: Placed,
  text: string | undefined,
): Promise<(Placed & InstalledUpdate) | undefined> {
  if (text === undefined) return undefined
  const tree = await run.repository.apply(before, text)
  const project = withPeersOf(base.project, prepared)
  const wish = {
    role: 'update' as const,
    tree,
    project,
    seed: prepared.workspace,
    ...resolving(base, prepared),
  }
  return { tree, ...(await installUpdate(run, base, wish)) }
}

/** A project without lock files is resolved as it was: from what the base's install came to. */
function resolving({ project }: Packaged, { locks }: Prepared) {
  return makesLocks(project) ? { locks, refreshLocks: true } : {}
}

/** The whole change; where it touches manifests, installed by its own lock file. */
async function changedPlace(
  run: Run,
  base: Packaged,
  start: Placed,
  text: string,
  role: 'repair' | 'dropped',
): Promise<Placed> {
  const { repository } = run
  const tree = await repository.apply(base.snapshot.tree, text)
  const { written, deleted } = await repository.changes(start.tree, tree)
  const paths = [...written.map(({ path }) => path), ...deleted]
  const decides = (path: string): boolean =>
    ['manifest', 'lockfile'].includes(roleOf(path)) || base.ecosystem.decides?.(path) === true
  const deciding = paths.filter(decides)
  if (deciding.length === 0) return { tree, prepared: start.prepared }
  const bytes = deciding.map(async (path) => [path, (await repository.read(tree, path)) ?? null] as const)
  const installed = await repository.withFiles(start.tree, new Map(await Promise.all(bytes)))
  const found = (await base.ecosystem.detect(await treeView(repository, installed))) ?? base.project
  const { image, toolchain } = base.project
  const project = { ...found, image, ...(toolchain === undefined ? {} : { toolchain }) }
  const wish = {
    ...{ role, tree: installed, project: withPeersOf(project, start.prepared) },
    ...{ seed: start.prepared.workspace, ...resolving(base, start.prepared) },
  }
  return { tree, prepared: await prepareTree(run, base, wish) }
}
