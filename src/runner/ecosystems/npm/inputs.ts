import { posix } from 'node:path'
import { failures } from '../../../contract/failures.ts'
import type { Tree } from '../project.ts'
import { printJson } from './locks/layout.ts'
import { type ManifestFile, readManifest, workspaceGlobs } from './manifest.ts'
import { originOf } from './sources/origin.ts'
import { type Settled, withSources } from './sources/settle.ts'
import { specifiersOf } from './specifiers.ts'

/** Fields that make a package manager start another one, or fetch code to run. */
const withheldFields = ['packageManager', 'devEngines', 'volta'] as const

/**
 * The manifests as the install container gets them, those of folders that they name included (and their
 * files, where the package manager copies such folders). Throws `registry-not-allowed` where a dependency comes
 * from a place that is none, or from outside the repository; what comes from git or an address is for `withRelay`.
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
    files.set(file.path, manifestText(withhold(file), file))
    for (const folder of await localFolders(tree, file, files, copiesFolders)) {
      const found = seen.has(folder) ? undefined : await readManifest(tree, folder)
      if (found === undefined) continue
      seen.set(folder, found)
      pending.push(found)
    }
  }
  return { files, local: [...seen.values()] }
}

/** Manifests that take nothing from anywhere but the relay. */
export function withRelay(
  manifests: readonly ManifestFile[],
  { index }: Settled,
): readonly (readonly [path: string, bytes: Buffer])[] {
  return manifests.map((file) => [file.path, manifestText(withSources(withhold(file), index), file)])
}

/** Laid out as the file is: a package manager takes the lock file's layout from it. */
function manifestText(document: Readonly<Record<string, unknown>>, { text }: ManifestFile): Buffer {
  return Buffer.from(printJson(document, text))
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
  const all = new Set([...tree.paths, ...(tree.around ?? [])])
  const place = { ...file, folder: tree.folder ?? '' }
  for (const glob of workspaceGlobs(file.manifest))
    inside(place, 'workspaces', glob, file.dir, glob.replace(/^!/, ''))
  for (const [name, text] of specifiersOf(file)) {
    const path = localPath(place, name, text)
    if (path === undefined) continue
    if (copiesFolders && /^(file:|\.)/.test(text)) await copyFolder(tree, all, path, files)
    const bytes = /\.(tgz|tar\.gz|tar|patch)$/.test(path) ? await tree.read(path) : undefined
    if (bytes !== undefined) files.set(path, bytes)
    else if (all.has(posix.join(path, 'package.json'))) folders.push(posix.join(path, 'package.json'))
    else throw failures.specifierNotAllowed(name, text, file.path)
  }
  return folders
}

/** Throws `registry-not-allowed` for what leads to git, an address or out of the repository. */
export function refuseElsewhere(path: string, name: string, text: string): void {
  localPath({ path, dir: '', folder: '' }, name, text)
  if (originOf(name, text) !== undefined) throw failures.specifierNotAllowed(name, text, path)
}

/** A manager that copies a folder instead of linking to it needs all of it. */
async function copyFolder(
  tree: Tree,
  all: Iterable<string>,
  folder: string,
  files: Map<string, Buffer>,
): Promise<void> {
  for (const path of all) {
    // Configuration of package managers goes by such names.
    if (!path.startsWith(`${folder}/`) || /\/(\.|node_modules\/)/.test(path.slice(folder.length))) continue
    const bytes = await tree.read(path)
    if (bytes !== undefined) files.set(path, bytes)
  }
}

/** A manifest, and the folder of the repository that the project is in. */
type Place = Pick<ManifestFile, 'path' | 'dir'> & { readonly folder: string }

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
  // Those are fetched on the host, where they may be.
  if (/[:/]/.test(text) && originOf(name, text) === undefined)
    throw failures.specifierNotAllowed(name, text, file.path)
  return undefined
}

function inside(file: Place, name: string, text: string, dir: string, path: string): string {
  const joined = posix.normalize(posix.join(dir, path)).replace(/\/$/, '')
  const inTree = posix.join(file.folder, joined)
  if (posix.isAbsolute(path) || inTree === '..' || inTree.startsWith('../') || path.startsWith('~'))
    throw failures.specifierNotAllowed(name, text, file.path)
  return joined
}
