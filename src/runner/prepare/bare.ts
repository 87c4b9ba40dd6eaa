import { randomUUID } from 'node:crypto'
import { using } from '../docker/using.ts'
import { startOn } from '../install/volume.ts'
import type { Prepared } from './prepare.ts'
import type { PrepareContext, PrepareRequest } from './request.ts'
import { excludeOthers, placeGit, placeSource } from './workspace.ts'

/** A sealed workspace with the tree's files and no packages: for one that cannot be installed as it is. */
export async function prepareBare(
  context: PrepareContext,
  { tree, project, locks = [] }: PrepareRequest,
): Promise<Prepared> {
  const { sandbox, repository, progress, signal } = context
  const image = await sandbox.image(project.image, (message) => progress(message), signal)
  const volume = await sandbox.createVolume()
  try {
    await using(await startOn(context, image, volume), async (container) => {
      await placeSource(container, repository, tree)
      await placeGit(container, repository, tree)
      await excludeOthers(container, signal)
    })
    const key = randomUUID()
    const workspace = await sandbox.seal(volume, key)
    const none = { mended: [], notices: [], warnings: [], packages: 0, cached: false }
    return { ...none, workspace, image, key, tree, locks, project }
  } catch (error) {
    // What went wrong is told, not what then stood in the way: the session's end removes it at the latest.
    await sandbox.removeVolume(volume).catch(() => undefined)
    throw error
  }
}
