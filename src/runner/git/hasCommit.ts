import type { Git } from './program.ts'

/** Whether a repository has a commit of that name. */
export async function hasCommit(git: Git, commit: string): Promise<boolean> {
  const there = await git.run(['cat-file', '-e', `${commit}^{commit}`], { answers: [1, 128] })
  return there.exitCode === 0
}
