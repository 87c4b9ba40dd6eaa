import type { Container, Image, Sandbox } from '../docker/sandbox.ts'
import { using } from '../docker/using.ts'
import type { InstallRecipe } from '../ecosystems/recipe.ts'
import { type InstallContext, runInstall } from './runInstall.ts'

/** A volume that is gone afterwards. */
export async function withVolume<T>(sandbox: Sandbox, use: (volume: string) => Promise<T>): Promise<T> {
  const volume = await sandbox.createVolume()
  let made: T
  try {
    made = await use(volume)
  } catch (error) {
    // What went wrong is told, not what then stood in the way: the session's end removes it at the latest.
    await sandbox.removeVolume(volume).catch(() => undefined)
    throw error
  }
  await sandbox.removeVolume(volume)
  return made
}

/** A project container on a workspace that is being prepared. */
export async function startOn(context: InstallContext, image: Image, volume: string): Promise<Container> {
  const workspace = { unsealed: volume }
  return await context.sandbox.start({ kind: 'project', image, workspace }, context.signal)
}

/** What `read` finds in the workspace as the package manager left it. */
export async function installAndRead<T>(
  context: InstallContext,
  image: Image,
  volume: string,
  recipe: InstallRecipe,
  read: (reader: Container) => Promise<T>,
): Promise<T> {
  await runInstall(context, image, volume, recipe)
  // The install container ends with the package manager; files are read from a running one.
  return await using(await startOn(context, image, volume), read)
}
