import { posix } from 'node:path'
import { type Ecosystem as EcosystemId, factsOf, manifestNames } from '../../../contract/ecosystems/index.ts'
import { failures } from '../../../contract/failures.ts'
import type { Ecosystem } from '../ecosystem.ts'
import type { Project, Tree } from '../project.ts'
import { inFolder } from './ecosystem.ts'
import { foldersAbove } from './tree.ts'

/** What a person pointed at, relative to the repository's root. */
export interface Pointer {
  /** Undefined: the whole repository. */
  readonly folder?: string
  /** Relative to the root, or to the folder where there is no such file at the root. */
  readonly manifest?: string
}

export interface Located {
  readonly project: Project
  /** Sees the repository's paths, and works in the project's folder. */
  readonly ecosystem: Ecosystem
  /** The manifest that is meant; undefined: any of the project's. */
  readonly manifest?: string
}

/**
 * The project that a pointer means: the one above that counts its manifest among its own (a workspace, a build of several
 * modules), else the one in its folder, else the nearest above. Without a pointer it is the one at the root. Throws
 * `no-manifest` where the pointer names a manifest that is not there.
 */
export async function locate(
  ecosystem: Ecosystem,
  tree: Tree,
  pointer: Pointer,
): Promise<Located | undefined> {
  const manifest = manifestOf(tree, pointer)
  const name = factsOf(ecosystem.id).manifest
  const folder = manifest === undefined ? (pointer.folder ?? '') : folderOf(manifest)
  const own = posix.join(folder, name)
  const isThere = tree.paths.includes(own)
  const above = foldersAbove(folder).filter((one) => tree.paths.includes(posix.join(one, name)))
  for (const one of isThere ? above : []) {
    const found = await at(ecosystem, tree, one).catch(() => undefined)
    if (found?.project.manifests.includes(own)) return withManifest(found, manifest ?? own)
  }
  const [nearest = ''] = isThere ? [folder] : above
  return withManifest(await at(ecosystem, tree, nearest), manifest)
}

/** The project whose manifest lies in a folder. */
export async function at(ecosystem: Ecosystem, tree: Tree, folder: string): Promise<Located | undefined> {
  const there = inFolder(ecosystem, folder)
  const project = await there.detect(tree)
  return project === undefined ? undefined : { project, ecosystem: there }
}

function withManifest(located: Located | undefined, manifest: string | undefined): Located | undefined {
  return located === undefined || manifest === undefined ? located : { ...located, manifest }
}

function folderOf(path: string): string {
  const folder = posix.dirname(path)
  return folder === '.' ? '' : folder
}

function manifestOf(tree: Tree, { folder = '', manifest }: Pointer): string | undefined {
  if (manifest === undefined) return undefined
  const plain = posix.normalize(manifest.replaceAll('\\', '/'))
  const found = [plain, posix.join(folder, plain)].find((path) => tree.paths.includes(path))
  if (found === undefined) throw failures.noSuchManifest(manifest, manifestsIn(tree))
  return found
}

/** Why nothing of a tree can be worked on; `asked`: the ecosystem that is meant, where one is. */
export function noProject(root: string, tree: Tree, asked?: EcosystemId): Error {
  const found = manifestsIn(tree)
  return asked !== undefined && found.length > 0 && manifestsIn(tree, asked).length === 0
    ? failures.otherEcosystem(root, asked)
    : failures.noManifest(root, found)
}

/** Manifests of a tree, of one ecosystem where it is named; those near the root first. */
export function manifestsIn(tree: Tree, ecosystem?: EcosystemId): readonly string[] {
  const known = new Set(ecosystem === undefined ? manifestNames : [factsOf(ecosystem).manifest])
  const depth = (path: string): number => path.split('/').length
  return tree.paths
    .filter((path) => known.has(posix.basename(path)) && !/(^|\/)node_modules\//.test(path))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))
}
