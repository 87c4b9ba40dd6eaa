import { join } from 'node:path'
import { type Ecosystem as EcosystemId, ecosystems, factsOf } from '../../contract/ecosystems/index.ts'
import { DrydockError, type FailureCode } from '../../contract/failure.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { locate, manifestsIn, noProject } from '../ecosystems/folder/locate.ts'
import { openEcosystem } from '../ecosystems/index.ts'
import type { UpdatePlan } from '../ecosystems/plan.ts'
import type { Tree } from '../ecosystems/project.ts'
import { commitView } from '../git/commitView.ts'
import type { CommandContext } from './context.ts'

/** What a person mistyped, and what the tree alone shows to be in the way: nothing that a session could do anything about. */
const hopeless: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'no-such-package',
  'no-such-version',
  'not-a-dependency',
  'no-manifest',
  'unsupported-ecosystem',
  'bad-config',
])

/**
 * What the wish comes to, asked of manifests and registry before there is a session. Throws what is wrong with the wish
 * itself; undefined where there is nothing to do, or where something else is wrong, which the session tells.
 */
export async function planOf(
  context: CommandContext,
  task: DependencyUpdate,
): Promise<UpdatePlan | undefined> {
  const { root, baseCommit, folder, includeUncommitted } = task.repository
  // What is declared may be in the work tree alone.
  if (includeUncommitted) return undefined
  try {
    const { env, signal } = context
    const ecosystem = await opened(context, task.ecosystem)
    const view = await commitView(root, baseCommit, env)
    const located = await locate(ecosystem, view, {
      ...(folder === undefined ? {} : { folder }),
      ...(task.manifest === undefined ? {} : { manifest: task.manifest }),
    })
    const wish = { package: task.package, requested: task.requested }
    if (located === undefined) {
      // A name that has the form of its ecosystem means that one.
      if (factsOf(task.ecosystem).named === undefined) await meantElsewhere(context, task, view)
      throw noProject(root, view, task.ecosystem)
    }
    const manifest = located.manifest === undefined ? {} : { manifest: located.manifest }
    return await located.ecosystem.planUpdate(view, located.project, { ...wish, ...manifest }, signal)
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof DrydockError && hopeless.has(error.failure.code)) throw error
    return undefined
  }
}

async function opened({ env, userHome, cache }: CommandContext, id: EcosystemId): Promise<Ecosystem> {
  return (await openEcosystem(id, { env, userHome, cacheDir: join(cache, 'packages') })).ecosystem
}

/** A plain name may be short for one that another ecosystem's manifest declares: then that one's own answer names it. */
async function meantElsewhere(context: CommandContext, task: DependencyUpdate, view: Tree): Promise<void> {
  const { folder } = task.repository
  const wish = { package: task.package, requested: task.requested }
  for (const { id } of ecosystems) {
    if (id === task.ecosystem || manifestsIn(view, id).length === 0) continue
    try {
      const located = await locate(await opened(context, id), view, folder === undefined ? {} : { folder })
      await located?.ecosystem.planUpdate(view, located.project, wish, context.signal)
    } catch (error) {
      if (error instanceof DrydockError && error.failure.code === 'not-a-dependency') throw error
    }
  }
}
