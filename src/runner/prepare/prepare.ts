import type { Warning } from '../../contract/verdict.ts'
import type { Image, SealedWorkspace } from '../docker/sandbox.ts'
import { using } from '../docker/using.ts'
import type { Project } from '../ecosystems/project.ts'
import type { InstallRecipe } from '../ecosystems/recipe.ts'
import { leftOut } from '../install/leftOut.ts'
import { runInstall, type Seed } from '../install/runInstall.ts'
import { startOn } from '../install/volume.ts'
import type { WrittenLock } from '../install/writtenLock.ts'
import { runInstallScripts } from './installScripts.ts'
import { installKey, preparedKey } from './key.ts'
import type { PrepareContext, PrepareRequest } from './request.ts'
import { remedied, type Settled, settleLocks } from './settle.ts'
import { excludeOthers, placeFile, placeGit, placeSource, restoreSource, sweepInstall } from './workspace.ts'

/** A sealed workspace with the tree's files, its packages and a `.git` of one commit. */
export interface Prepared {
  readonly workspace: SealedWorkspace
  readonly image: Image
  readonly key: string
  /** What lies in the workspace: the requested tree, with the lock files where those were written again. */
  readonly tree: string
  /** For a project without lock files in its tree: those that were used; not in `tree`. */
  readonly locks: readonly WrittenLock[]
  /** The committed lock files did not fit the manifests: what they were resolved to. */
  readonly mended: readonly WrittenLock[]
  /** As it was installed, with the rules that it took. */
  readonly project: Project
  /** How its lock files had to be helped; also among the warnings. */
  readonly notices: readonly Warning[]
  readonly warnings: readonly Warning[]
  /** Packages that the lock files name. */
  readonly packages: number
  readonly cached: boolean
  /** The packages are those that were installed for another commit. */
  readonly taken?: true
}

/** Installs a tree's packages into a workspace and seals it; the same inputs are prepared once. */
export async function prepare(context: PrepareContext, request: PrepareRequest): Promise<Prepared> {
  const { sandbox, progress, signal } = context
  const image = await sandbox.image(request.project.image, (message) => progress(message), signal)
  let settled = await settleLocks(context, request, image)
  for (;;) {
    try {
      return await installed(context, image, settled, request.seed)
    } catch (error) {
      const without = await leftOut(context.ecosystem, settled.view, settled.project, error)
      if (without === undefined) settled = await remedied(context, image, settled, error)
      else progress(`installing without ${without.join(', ')}, which no registry has`)
    }
  }
}

async function installed(
  context: PrepareContext,
  image: Image,
  settled: Settled,
  seed: SealedWorkspace | undefined,
): Promise<Prepared> {
  const { sandbox, ecosystem, records } = context
  const { tree, project, notices, locks, mended } = settled
  const recipe = await ecosystem.install(settled.view, project, 'frozen')
  const install = installKey({ ...context, image, recipe })
  const key = preparedKey(install, tree)
  const common = {
    image,
    key,
    tree,
    project,
    notices,
    packages: recipe.packages,
    locks,
    mended,
  }
  const found = await sandbox.findSealed(key)
  if (found !== undefined) {
    const kept = await records.warnings(key)
    return { ...common, workspace: found, warnings: [...notices, ...kept], cached: true }
  }
  const same = recipe.store === undefined ? undefined : await sameInstall(context, install)
  const from = same ?? (seed === undefined ? undefined : { workspace: seed })
  const { workspace, warnings } = await build(context, {
    ...common,
    recipe,
    ...(from === undefined ? {} : { seed: from }),
  })
  await records.keepWarnings(key, warnings)
  await records.keepInstall(install, { prepared: key, madeAt: same?.madeAt ?? new Date().toISOString() })
  return {
    ...common,
    ...{ workspace, warnings: [...notices, ...warnings], cached: false },
    ...(same === undefined ? {} : { taken: true }),
  }
}

/** A workspace in which the same was installed not long ago: for another commit that asks for the same packages. */
async function sameInstall(
  { sandbox, records }: PrepareContext,
  install: string,
): Promise<(Seed & { readonly madeAt: string }) | undefined> {
  const made = await records.install(install)
  const workspace = made === undefined ? undefined : await sandbox.findSealed(made.prepared)
  return made === undefined || workspace === undefined
    ? undefined
    : { workspace, isWhole: true, madeAt: made.madeAt }
}

interface Inputs {
  readonly image: Image
  readonly tree: string
  readonly recipe: InstallRecipe
  readonly key: string
  readonly locks: readonly WrittenLock[]
  readonly seed?: Seed
}

async function build(
  context: PrepareContext,
  inputs: Inputs,
): Promise<{ readonly workspace: SealedWorkspace; readonly warnings: readonly Warning[] }> {
  const { sandbox, repository, progress, signal } = context
  const { image, tree, recipe, key, locks, seed } = inputs
  const volume = await sandbox.createVolume(recipe.store !== undefined)
  try {
    progress(`installing ${recipe.packages} package${recipe.packages === 1 ? '' : 's'}`)
    // The next container starts meanwhile, and does nothing before the install has ended; not before the first one runs,
    // since Podman gives a new volume to its user as its first container starts.
    let onStarted = (): void => undefined
    const first = new Promise<void>((resolve) => {
      onStarted = resolve
    })
    const installing = runInstall(context, image, volume, recipe, {
      onStarted,
      ...(seed === undefined ? {} : { seed }),
    })
    const [installed, started] = await Promise.allSettled([
      installing,
      Promise.race([first, installing]).then(() => startOn(context, image, volume)),
    ])
    if (started.status === 'rejected') throw started.reason
    const warnings = [...recipe.warnings]
    const scripted = recipe.scripts.length > 0
    await using(started.value, async (container) => {
      if (installed.status === 'rejected') throw installed.reason
      await sweepInstall(container, recipe.keep, signal)
      await placeSource(container, repository, tree)
      // Package managers want them; git is told to overlook them.
      for (const lock of locks) await placeFile(container, lock)
      if (scripted) return
      await placeGit(container, repository, tree)
      await excludeOthers(container, signal)
    })
    if (scripted) warnings.push(...(await scripts(context, inputs, volume)))
    return { workspace: await sandbox.seal(volume, key), warnings }
  } catch (error) {
    // What went wrong is told, not what then stood in the way: the session's end removes it at the latest.
    await sandbox.removeVolume(volume).catch(() => undefined)
    throw error
  }
}

/** Scripts may leave processes, a `.git` and edited files: the last container never saw them run. */
async function scripts(
  context: PrepareContext,
  { image, tree, recipe }: Inputs,
  volume: string,
): Promise<readonly Warning[]> {
  const { repository, progress, signal } = context
  progress('running install scripts')
  const warnings = await runInstallScripts(context, image, volume, recipe.scripts)
  await using(await startOn(context, image, volume), async (container) => {
    await restoreSource(container, repository, tree, signal)
    await excludeOthers(container, signal)
  })
  return warnings
}
