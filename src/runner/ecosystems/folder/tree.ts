import { posix } from 'node:path'
import type { Tree } from '../project.ts'

/** Files that tools look for in the folders above, too, until they find one. */
const inherited = [
  ...['.nvmrc', '.node-version', '.tool-versions', 'mise.toml', '.mise.toml', '.java-version', '.sdkmanrc'],
  '.yarnrc.yml',
]

/** The tree as a project in one of its folders sees it: paths are relative to the folder. */
export function folderTree(tree: Tree, folder: string): Tree {
  const prefix = `${folder}/`
  const inside = tree.paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length))
  const above = inheritedFrom(new Set(tree.paths), folder, new Set(inside))
  return {
    paths: [...inside, ...above.keys()],
    read: (path) => tree.read(above.get(path) ?? posix.normalize(posix.join(folder, path))),
    folder,
    around: tree.paths
      .filter((path) => !path.startsWith(prefix))
      .map((path) => posix.relative(`/${folder}`, `/${path}`)),
  }
}

/** By name, the nearest file above of those that count for the folders below them. */
function inheritedFrom(
  all: ReadonlySet<string>,
  folder: string,
  inside: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of inherited) {
    if (inside.has(name)) continue
    const above = foldersAbove(folder)
      .map((one) => posix.join(one, name))
      .find((path) => all.has(path))
    if (above !== undefined) found.set(name, above)
  }
  return found
}

/** The folders that hold a folder, the nearest first, the root as an empty name. */
export function foldersAbove(folder: string): readonly string[] {
  if (folder === '') return []
  const parts = folder.split('/')
  return parts.map((_, index) => parts.slice(0, parts.length - 1 - index).join('/'))
}
