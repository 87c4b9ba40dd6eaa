import { createHash } from 'node:crypto'
import { failures } from '../../contract/failures.ts'
import type { Image } from '../docker/sandbox.ts'
import type { Ecosystem, InstallRecipe, Project, Tree } from '../ecosystems/ecosystem.ts'
import type { InstallContext } from './install.ts'
import { leftOut } from './leftOut.ts'
import { installAndRead, withVolume } from './volume.ts'
import type { WrittenLock } from './writtenLock.ts'

const maxLockBytes = 64_000_000

/**
 * Lets the package manager write the lock file for a tree's manifests, in a container. The same manifests get the same
 * lock file for a day: base and update, and the next session, see the same packages.
 */
export async function writeLock(
  context: InstallContext,
  ecosystem: Ecosystem,
  image: Image,
  tree: Tree,
  project: Project,
): Promise<WrittenLock> {
  for (;;) {
    const recipe = await ecosystem.install(tree, project, 'write')
    const [path] = recipe.outputs
    if (path === undefined) throw failures.internal(`${project.packageManager} writes no lock file`)
    try {
      const bytes = await keptOrWritten(context, image, recipe, path)
      return { path, bytes: recipe.restore(path, bytes) }
    } catch (error) {
      if ((await leftOut(ecosystem, tree, project, error)) === undefined) throw error
    }
  }
}

/** Kept as it came: what it is restored to depends on the addresses that were there before. */
async function keptOrWritten(
  context: InstallContext,
  image: Image,
  recipe: InstallRecipe,
  path: string,
): Promise<Buffer> {
  const key = lockKey(context, image, recipe)
  const kept = await context.records.lock(key)
  if (kept !== undefined) return kept.bytes
  const bytes = await written(context, image, recipe, path)
  await context.records.keepLock(key, { path, bytes })
  return bytes
}

function lockKey(context: InstallContext, image: Image, recipe: InstallRecipe): string {
  const { repositoryId, registryDigest } = context
  const hash = createHash('sha256')
  hash.update(JSON.stringify([repositoryId, registryDigest, image.digest, recipe.command, recipe.env]))
  for (const [path, bytes] of recipe.files) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

/** Bytes of the lock file as the package manager left it. */
function written(
  context: InstallContext,
  image: Image,
  recipe: InstallRecipe,
  path: string,
): Promise<Buffer> {
  return withVolume(context.sandbox, (volume) =>
    installAndRead(context, image, volume, recipe, async (reader) => {
      const bytes = await reader.readFile(`/workspace/${path}`, maxLockBytes)
      if (bytes === undefined) throw failures.installFailed(`no ${path} was written`, '')
      return bytes
    }),
  )
}

/** The tree with a lock file laid over it, and the project that has it. */
export function withLock(
  tree: Tree,
  project: Project,
  lock: WrittenLock | undefined,
): { readonly tree: Tree; readonly project: Project } {
  if (lock === undefined) return { tree, project }
  return {
    tree: {
      paths: tree.paths.includes(lock.path) ? tree.paths : [...tree.paths, lock.path],
      read: async (path) => (path === lock.path ? lock.bytes : await tree.read(path)),
    },
    project: { ...project, lockfile: lock.path },
  }
}

/** The tree with files replaced. */
export function withFiles(tree: Tree, files: ReadonlyMap<string, Buffer>): Tree {
  return { paths: tree.paths, read: async (path) => files.get(path) ?? (await tree.read(path)) }
}
