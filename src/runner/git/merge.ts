import { failures } from '../../contract/failures.ts'
import { records } from './objects.ts'
import type { Git } from './program.ts'
import type { Merged } from './repository.ts'

/** What git ends with where it does not know an option. */
const badUsage = 129

/** Merges two commits without any checkout (git 2.38); the repository's own merge programs are never run. */
export async function mergeCommits(git: Git, ours: string, theirs: string): Promise<Merged> {
  const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs]
  const { exitCode, stdout } = await git.run(args, { answers: [1, badUsage] })
  if (exitCode === badUsage) throw failures.gitTooOld('2.38')
  const [tree = '', ...conflicts] = records(stdout)
  return exitCode === 0 ? { tree } : { marked: tree, conflicts: [...new Set(conflicts)] }
}

export async function isAncestor(git: Git, commit: string, of: string): Promise<boolean> {
  const { exitCode } = await git.run(['merge-base', '--is-ancestor', commit, of], { answers: [1, 128] })
  return exitCode === 0
}
