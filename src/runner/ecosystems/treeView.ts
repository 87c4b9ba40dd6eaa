import type { BareRepository } from '../git/repository.ts'
import type { Tree } from './project.ts'

/** A tree of the bare repository as ecosystems see it. */
export async function treeView(repository: BareRepository, tree: string): Promise<Tree> {
  const entries = await repository.entries(tree)
  const files = new Set(entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path))
  return {
    paths: [...files],
    read: async (path) => (files.has(path) ? await repository.read(tree, path) : undefined),
  }
}
