import { join } from 'node:path'
import { DrydockError, type FailureCode } from '../../contract/failure.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import type { UpdatePlan } from '../ecosystems/ecosystem.ts'
import { locate } from '../ecosystems/folder/locate.ts'
import { openEcosystem } from '../ecosystems/index.ts'
import { commitView } from '../git/commitView.ts'
import type { CommandContext } from './context.ts'

/** What a person mistyped: nothing that a session could do anything about. */
const mistyped: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'no-such-package',
  'no-such-version',
  'not-a-dependency',
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
    const { env, userHome, cache, signal } = context
    const { ecosystem } = await openEcosystem(task.ecosystem, {
      env,
      userHome,
      cacheDir: join(cache, 'packages'),
    })
    const view = await commitView(root, baseCommit, env)
    const located = await locate(ecosystem, view, {
      ...(folder === undefined ? {} : { folder }),
      ...(task.manifest === undefined ? {} : { manifest: task.manifest }),
    })
    if (located === undefined) return undefined
    const wish = { package: task.package, requested: task.requested }
    const manifest = located.manifest === undefined ? {} : { manifest: located.manifest }
    return await located.ecosystem.planUpdate(view, located.project, { ...wish, ...manifest }, signal)
  } catch (error) {
    context.signal.throwIfAborted()
    if (error instanceof DrydockError && mistyped.has(error.failure.code)) throw error
    return undefined
  }
}
