import { failures } from '../../../../contract/failures.ts'
import type { Project, Tree } from '../../project.ts'
import type { Lock } from './lock.ts'
import { readNpmLock } from './npmLock.ts'
import { readPnpmLock } from './pnpmLock.ts'
import { readYarnLock } from './yarnLock.ts'

const none: Lock = { packages: [], find: () => undefined }

export function readLock(path: string, text: string): Lock {
  if (path.endsWith('.json')) return readNpmLock(path, text)
  return path.endsWith('pnpm-lock.yaml') ? readPnpmLock(path, text) : readYarnLock(path, text)
}

/** The lock file of a project, which has one at most; an empty one where there is none. */
export async function lockOf(tree: Tree, { locks }: Pick<Project, 'locks'>): Promise<Lock> {
  const path = locks[0]?.path
  if (path === undefined) return none
  const bytes = await tree.read(path)
  if (bytes === undefined) throw failures.badManifest(path, 'it is not in the tree')
  return readLock(path, bytes.toString('utf8'))
}
