import type { Tree } from '../ecosystems/project.ts'
import { listTree, readBlob } from './objects.ts'
import { type Environment, userGit } from './program.ts'

/** A commit's regular files, read from the user's repository itself; for questions that need no session. */
export async function commitView(root: string, commit: string, env: Environment): Promise<Tree> {
  const git = userGit(root, env)
  const entries = await listTree(git, commit)
  const files = new Set(entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path))
  return {
    paths: [...files],
    read: async (path) => (files.has(path) ? await readBlob(git, commit, path) : undefined),
  }
}
