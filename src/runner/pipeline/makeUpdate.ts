import type { DependencyUpdate } from '../../contract/task.ts'
import { makesLocks } from '../ecosystems/locks.ts'
import type { UpdatePlan } from '../ecosystems/plan.ts'
import type { Project } from '../ecosystems/project.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import { type Update, update } from '../update/update.ts'
import { inStage } from './inStage.ts'
import type { Packaged } from './packageBase.ts'
import { recordPatch } from './patches.ts'
import { installContext } from './prepareTree.ts'

/** Made on the host, so that a package or version that there is not is refused before anything is installed. Undefined: up to date. */
export async function planUpdateOf(
  run: Run,
  task: DependencyUpdate,
  base: Packaged,
): Promise<UpdatePlan | undefined> {
  const wish = {
    package: task.package,
    requested: task.requested,
    ...(base.manifest === undefined ? {} : { manifest: base.manifest }),
  }
  return await base.ecosystem.planUpdate(base.view, base.project, wish, run.signal)
}

export async function makeUpdate(
  run: Run,
  task: DependencyUpdate,
  base: Packaged,
  place: Promise<Prepared>,
): Promise<Update | undefined> {
  const { repository, log } = run
  const made = await inStage(
    run,
    { stage: 'update' },
    (progress) =>
      startingFrom(base, place, (from) => {
        return update(
          { ...installContext(run, base), repository, ecosystem: base.ecosystem, progress },
          {
            baseCommit: task.repository.baseCommit,
            tree: base.snapshot.tree,
            project: withPeersOf(base.project, from),
            package: task.package,
            requested: task.requested,
            ...(base.manifest === undefined ? {} : { manifest: base.manifest }),
            locks: [...(from?.mended ?? []), ...(from?.locks ?? [])],
          },
        )
      }),
    (value) =>
      value === undefined
        ? { detail: 'already up to date' }
        : { detail: `${value.plan.from} → ${value.plan.to}` },
  )
  if (made === undefined) return undefined
  const { plan, patch, warnings } = made
  log.emit({
    type: 'update.planned',
    manifests: [...plan.files.keys()],
    from: plan.from,
    to: plan.to,
    moves: [...plan.moves],
  })
  await recordPatch(run, 'update', patch)
  for (const warning of warnings) log.emit({ type: 'warning.raised', warning })
  return made
}

/**
 * A project without lock files is resolved once, by the base's install, and the update starts from that. One that has
 * some is updated beside it; again, where it turns out that they or its peers did not fit.
 */
async function startingFrom<T>(
  base: Packaged,
  place: Promise<Prepared>,
  make: (from: Prepared | undefined) => Promise<T>,
): Promise<T> {
  if (base.project.versionsIn === 'manifests') return make(undefined)
  if (makesLocks(base.project)) return make(await place)
  const [early, from] = await Promise.allSettled([make(undefined), place])
  if (from.status === 'rejected') throw from.reason
  if (from.value.mended.length > 0 || from.value.project.legacyPeers === true) return make(from.value)
  if (early.status === 'rejected') throw early.reason
  return early.value
}

/** The rules for peers that the base took; everything is installed by them. */
export function withPeersOf(project: Project, from: Prepared | undefined): Project {
  return from?.project.legacyPeers === true ? { ...project, legacyPeers: true } : project
}
