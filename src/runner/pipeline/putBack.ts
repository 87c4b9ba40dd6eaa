import type { Patch } from '../../contract/patch.ts'
import type { Report, StepName } from '../../contract/report.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Progress } from '../stage.ts'
import { differences, type PutBackRuns, ranTests } from '../verify/kit/differences.ts'
import { type Ran, withFiles } from '../verify/kit/named.ts'
import { oneByOne, type Tried } from '../verify/kit/oneByOne.ts'
import { type KitUnit, kitUnits, treeWithout } from '../verify/kit/units.ts'
import { checkAside } from './check.ts'
import type { Packaged } from './packageBase.ts'
import type { Work } from './start.ts'

/** A change whose checks pass as it is. */
export interface Passing {
  readonly tree: string
  readonly patch: Patch
  readonly prepared: Prepared
  readonly report: Report
  readonly flaky: ReadonlySet<string>
  readonly attempt?: number
  /** The part of the build that was checked, where it was not all. */
  readonly modules?: readonly string[]
}

/** Units that are put back one at a time; what is beyond them is put back together. */
const mostSingles = 8

/** Everything of the base's kit that the change touches. */
export function unitsOf(
  run: Run,
  base: Packaged,
  change: Pick<Passing, 'tree' | 'patch'>,
): Promise<readonly KitUnit[]> {
  return kitUnits(run.repository, base.ecosystem, {
    baseTree: base.snapshot.tree,
    patchedTree: change.tree,
    patch: change.patch,
    project: base.project,
  })
}

export async function runsFor({ run, start }: Work, change: Passing, back: Report): Promise<PutBackRuns> {
  const { repository, log } = run
  const trees = await Promise.all([start.tree, change.tree].map((tree) => repository.entries(tree)))
  const paths = new Set(trees.flat().map(({ path }) => path))
  const read = (report: Report): Promise<Ran> => withFiles(report, paths, log.artifacts.get)
  const [update, put] = await Promise.all([read(start.update), read(back)])
  const { report: patched, flaky } = change
  return { base: start.base, update, alone: 'the update alone', patched, back: put, flaky }
}

export function isSame(runs: PutBackRuns): boolean {
  const { steps, tests } = differences(runs)
  return runs.back.report.setupError === undefined && steps.length === 0 && tests.length === 0
}

export interface Looking extends Work {
  readonly change: Passing
  readonly progress: Progress
}

/** Each unit by itself; only the steps that differ with all of them back are run again. */
export async function runEachAlone(
  looking: Looking,
  units: readonly KitUnit[],
  overlay: PutBackRuns,
): Promise<readonly Tried[]> {
  const { base, change, progress } = looking
  const steps = stepsToRun(overlay)
  const measure = await reference(looking, units, steps, overlay)
  return oneByOne(
    units,
    overlay,
    async (unit, done, all) => {
      progress(`putting back ${unit.id}`, done, all)
      const back = await runWithout(looking, [unit], steps)
      const runs = await runsFor(looking, change, back)
      return unit.kind === 'test' ? { ...runs, ...measure } : runs
    },
    { singles: mostSingles, milliseconds: base.settings.verifyTimeoutMs },
    () => performance.now(),
  )
}

/** Steps that can show the difference again; tests need what is built. */
function stepsToRun(overlay: PutBackRuns): readonly StepName[] {
  const { steps, tests } = differences(overlay)
  const wanted = new Set<StepName>([...steps, ...(tests.length > 0 ? ['test' as const] : [])])
  if (wanted.has('test')) wanted.add('build')
  return [...wanted]
}

export async function runWithout(
  { run, base, change, progress }: Looking,
  units: readonly KitUnit[],
  steps: readonly StepName[],
  from = change.tree,
): Promise<Report> {
  const scope = {
    ...(steps.length === 0 ? {} : { steps }),
    ...(change.modules === undefined ? {} : { modules: change.modules }),
  }
  const tree = await treeWithout(run.repository, from, units)
  const wish = {
    role: 'overlay' as const,
    prepared: change.prepared,
    tree,
    scripts: 'patched' as const,
    scope,
  }
  return checkAside(run, base, wish, progress)
}

/**
 * What the update alone does to the base's tests. Where its own run got to none, because a script or configuration no
 * longer starts, they are run with those as patched and everything else as it was.
 */
async function reference(
  looking: Looking,
  units: readonly KitUnit[],
  steps: readonly StepName[],
  overlay: PutBackRuns,
): Promise<Pick<PutBackRuns, 'update' | 'alone'>> {
  const { run, start, change } = looking
  const settings = units.filter(({ kind }) => kind === 'config')
  const needless = ranTests(start.update) || !ranTests(start.base) || settings.length === 0
  if (needless || settings.length === units.length) return { update: overlay.update, alone: overlay.alone }
  const { written, deleted } = await run.repository.changes(start.tree, change.tree)
  const kept = new Set([...settings.flatMap(({ files }) => [...files.keys()]), ...keptManifests(looking)])
  const asBefore = [...written.map(({ path }) => path), ...deleted].filter((path) => !kept.has(path))
  const bytes = asBefore.map(
    async (path) => [path, (await run.repository.read(start.tree, path)) ?? null] as const,
  )
  const tree = await run.repository.withFiles(change.tree, new Map(await Promise.all(bytes)))
  const report = await runWithout(looking, [], steps, tree)
  const { back: update } = await runsFor(looking, change, report)
  return { update, alone: "the update and the patch's scripts and settings alone" }
}

/** Manifests stay as patched: the workspace was prepared from them. */
function keptManifests({ base: { project } }: Looking): readonly string[] {
  return [...project.manifests, ...project.locks.map(({ path }) => path)]
}
