import { createHash } from 'node:crypto'
import { failures } from '../../contract/failures.ts'
import type { Image } from '../docker/sandbox.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Project, Tree } from '../ecosystems/project.ts'
import type { InstallRecipe } from '../ecosystems/recipe.ts'
import { leftOut } from './leftOut.ts'
import type { InstallContext } from './runInstall.ts'
import { installAndRead, withVolume } from './volume.ts'
import type { WrittenLock } from './writtenLock.ts'

const maxLockBytes = 64_000_000

/**
 * Lets the package manager write the lock files for a tree's manifests, in a container. The same manifests get the same
 * lock files for a day: base and update, and the next session, see the same packages.
 */
export async function writeLocks(
  context: InstallContext,
  ecosystem: Ecosystem,
  image: Image,
  tree: Tree,
  project: Project,
): Promise<readonly WrittenLock[]> {
  for (;;) {
    const recipe = await ecosystem.install(tree, project, 'write')
    if (recipe.outputs.length === 0) throw failures.internal(`${project.packageManager} writes no lock file`)
    try {
      const found = await keptOrWritten(context, image, recipe)
      return [...found].map(([path, bytes]) => ({
        ...{ path, bytes: recipe.restore(path, bytes) },
        writer: project.locks.find((lock) => lock.path === path)?.writer ?? project.packageManager,
      }))
    } catch (error) {
      if ((await leftOut(ecosystem, tree, project, error)) === undefined) throw error
    }
  }
}

/** Kept as they came: what they are restored to depends on the addresses that were there before. */
async function keptOrWritten(
  context: InstallContext,
  image: Image,
  recipe: InstallRecipe,
): Promise<ReadonlyMap<string, Buffer>> {
  const key = locksKey(context, image, recipe)
  const kept = await context.records.locks(key)
  if (kept !== undefined && recipe.outputs.every((path) => kept.has(path))) return kept
  const found = await written(context, image, recipe)
  await context.records.keepLocks(key, found)
  return found
}

function locksKey(context: InstallContext, image: Image, recipe: InstallRecipe): string {
  const { repositoryId, registryDigest } = context
  const hash = createHash('sha256')
  hash.update(JSON.stringify([repositoryId, registryDigest, image.digest, recipe.command, recipe.env]))
  for (const [path, bytes] of recipe.files) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}

/** Lock files by path, as the package manager left them. */
function written(
  context: InstallContext,
  image: Image,
  recipe: InstallRecipe,
): Promise<ReadonlyMap<string, Buffer>> {
  return withVolume(context.sandbox, (volume) =>
    installAndRead(context, image, volume, recipe, async (reader) => {
      const found = new Map<string, Buffer>()
      for (const path of recipe.outputs) {
        const bytes = await reader.readFile(`/workspace/${path}`, maxLockBytes)
        if (bytes === undefined) throw failures.installFailed(`no ${path} was written`, '')
        found.set(path, bytes)
      }
      return found
    }),
  )
}

/** The tree with lock files laid over it, and the project that has them. */
export function withLocks(
  tree: Tree,
  project: Project,
  locks: readonly WrittenLock[],
): { readonly tree: Tree; readonly project: Project } {
  if (locks.length === 0) return { tree, project }
  const laid = new Map(locks.map(({ path, bytes }) => [path, bytes]))
  const known = new Set(project.locks.map(({ path }) => path))
  const added = locks.filter(({ path }) => !known.has(path)).map(({ path, writer }) => ({ path, writer }))
  const there = new Set(tree.paths)
  return {
    tree: {
      paths: [...tree.paths, ...[...laid.keys()].filter((path) => !there.has(path))],
      read: async (path) => laid.get(path) ?? (await tree.read(path)),
    },
    project: { ...project, locks: [...project.locks, ...added] },
  }
}

/** The tree with files replaced. */
export function withFiles(tree: Tree, files: ReadonlyMap<string, Buffer>): Tree {
  return { paths: tree.paths, read: async (path) => files.get(path) ?? (await tree.read(path)) }
}
