import { posix } from 'node:path'
import { failures } from '../../../contract/failures.ts'
import type { Tree } from '../ecosystem.ts'
import { printJson } from './locks/layout.ts'
import { groupKeys, type ManifestFile, readManifest, workspaceGlobs } from './manifest.ts'

/** Fields that make a package manager start another one, or fetch code to run. */
const withheldFields = ['packageManager', 'devEngines', 'volta'] as const

/**
 * The manifests as the install container gets them, those of folders that they name included (and their
 * files, where the package manager copies such folders). Throws `registry-not-allowed` where a dependency comes from git, an address or outside the repository.
 */
export async function manifestInputs(
  tree: Tree,
  manifests: readonly ManifestFile[],
  copiesFolders: boolean,
): Promise<{ readonly files: Map<string, Buffer>; readonly local: readonly ManifestFile[] }> {
  const files = new Map<string, Buffer>()
  const pending = [...manifests]
  const seen = new Map(manifests.map((file) => [file.path, file]))
  for (let file = pending.shift(); file !== undefined; file = pending.shift()) {
    files.set(file.path, Buffer.from(printJson(withhold(file), file.text)))
    for (const folder of await localFolders(tree, file, files, copiesFolders)) {
      const found = seen.has(folder) ? undefined : await readManifest(tree, folder)
      if (found === undefined) continue
      seen.set(folder, found)
      pending.push(found)
    }
  }
  return { files, local: [...seen.values()] }
}

function withhold({ manifest, document }: ManifestFile): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...document }
  for (const field of withheldFields) delete copy[field]
  if (manifest.pnpm !== undefined) {
    const { configDependencies: _, ...pnpm } = manifest.pnpm
    copy.pnpm = pnpm
  }
  return copy
}

/** Manifests of folders that a manifest depends on; tarballs and patches in the tree become inputs. */
async function localFolders(
  tree: Tree,
  file: ManifestFile,
  files: Map<string, Buffer>,
  copiesFolders: boolean,
): Promise<readonly string[]> {
  const folders: string[] = []
  for (const glob of workspaceGlobs(file.manifest))
    inside(file, 'workspaces', glob, file.dir, glob.replace(/^!/, ''))
  for (const [name, text] of specifiersOf(file)) {
    const path = localPath(file, name, text)
    if (path === undefined) continue
    if (copiesFolders && /^(file:|\.)/.test(text)) await copyFolder(tree, path, files)
    const bytes = /\.(tgz|tar\.gz|tar|patch)$/.test(path) ? await tree.read(path) : undefined
    if (bytes !== undefined) files.set(path, bytes)
    else if (tree.paths.includes(posix.join(path, 'package.json')))
      folders.push(posix.join(path, 'package.json'))
    else throw failures.specifierNotAllowed(name, text, file.path)
  }
  return folders
}

/** Names and specifiers as they are written, those that stand in for others included. */
function specifiersOf({ document }: ManifestFile): readonly (readonly [string, string])[] {
  const { overrides, resolutions, pnpm } = document
  const inPnpm = typeof pnpm === 'object' && pnpm !== null && 'overrides' in pnpm ? pnpm.overrides : undefined
  const groups = groupKeys.map((group) => document[group])
  return [...groups, overrides, resolutions, inPnpm].flatMap((group) => nestedSpecifiers('', group))
}

/** A replacement may hold others, and say of itself under a dot. */
export function nestedSpecifiers(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => nestedSpecifiers(key === '.' ? name : key, inner))
}

/** Throws `registry-not-allowed` for what leads to git, an address or out of the repository. */
export function refuseElsewhere(path: string, name: string, text: string): void {
  localPath({ path, dir: '' }, name, text)
}

/** A manager that copies a folder instead of linking to it needs all of it. */
async function copyFolder(tree: Tree, folder: string, files: Map<string, Buffer>): Promise<void> {
  for (const path of tree.paths) {
    // Configuration of package managers goes by such names.
    if (!path.startsWith(`${folder}/`) || /(^|\/)(\.|node_modules\/)/.test(path)) continue
    const bytes = await tree.read(path)
    if (bytes !== undefined) files.set(path, bytes)
  }
}

type Place = Pick<ManifestFile, 'path' | 'dir'>

/** A path in the repository that a specifier names; undefined where it means a registry or a workspace. */
function localPath(file: Place, name: string, text: string): string | undefined {
  const patch = /^patch:.*?#(?:~\/|\.\/)?(.*?)(?:::.*)?$/.exec(text)?.[1]
  if (patch !== undefined) return inside(file, name, text, text.includes('#~/') ? '' : file.dir, patch)
  // An alias names a package of the registry and nothing else.
  if (/^npm:(?!(@[^/:]+\/)?[^/:]+$)/.test(text)) throw failures.specifierNotAllowed(name, text, file.path)
  if (/^(npm|workspace|catalog|patch):/.test(text)) return undefined
  const folder =
    /^(?:file|link|portal):(.*)$/.exec(text)?.[1] ?? (/^\.{1,2}(\/|$)/.test(text) ? text : undefined)
  if (folder !== undefined) return inside(file, name, text, file.dir, folder)
  if (/[:/]/.test(text)) throw failures.specifierNotAllowed(name, text, file.path)
  return undefined
}

function inside(file: Place, name: string, text: string, dir: string, path: string): string {
  const joined = posix.normalize(posix.join(dir, path)).replace(/\/$/, '')
  if (posix.isAbsolute(path) || joined === '..' || joined.startsWith('../') || path.startsWith('~'))
    throw failures.specifierNotAllowed(name, text, file.path)
  return joined
}
