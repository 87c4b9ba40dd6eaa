import type { Resolved } from '../ecosystems/plan.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { treeView } from '../ecosystems/treeView.ts'
import { withLocks } from '../install/locks.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import type { Packaged } from './packageBase.ts'
import { releaseOf } from './releaseOf.ts'
import type { Work } from './start.ts'

type Place = Pick<Prepared, 'tree' | 'locks'>

/** What every declaration of a package comes to, by the lock files that were committed or made. */
export async function findResolved(
  { repository }: Pick<Run, 'repository'>,
  { ecosystem, project }: Pick<Packaged, 'ecosystem' | 'project'>,
  name: string,
  at: Place,
): Promise<readonly Resolved[]> {
  const settled = withLocks(await treeView(repository, at.tree), project, at.locks)
  return await ecosystem.resolved(settled.tree, settled.project, name)
}

/** A package as a change leaves it, and what its release changed on the way there. */
export interface MovedPackage {
  readonly places: readonly Resolved[]
  /** Undefined where nothing says it. */
  readonly to?: string
  readonly release?: Release
}

export async function readReleaseOfChange(
  { run, base, start }: Work,
  name: string,
  { tree, prepared }: { readonly tree: string; readonly prepared: Prepared },
): Promise<MovedPackage> {
  const before = { tree: start.baseTree ?? base.snapshot.tree, locks: start.baseLocks ?? [] }
  const [was = [], places = []] = await Promise.all(
    [before, { tree, locks: prepared.locks }].map((at) => findResolved(run, base, name, at).catch(() => [])),
  )
  const [from, to] = [was, places].map((all) => all.find(({ version }) => version !== undefined)?.version)
  const release =
    from === undefined || to === undefined
      ? undefined
      : await releaseOf(run, base, { package: name, from, to })
  return { places, ...(to === undefined ? {} : { to }), ...(release === undefined ? {} : { release }) }
}
