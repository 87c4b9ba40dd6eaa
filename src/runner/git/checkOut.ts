import { stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { failures } from '../../contract/failures.ts'
import type { Patch } from '../../contract/patch.ts'
import { hasCommit } from './hasCommit.ts'
import { type Environment, userGit } from './program.ts'

export interface Checkout {
  /** Top of the user's work tree. */
  readonly root: string
  /** Where the new work tree goes; nothing may be there. */
  readonly folder: string
  /** As policy read it, against its base commit. */
  readonly patch: Patch
}

/**
 * A new work tree of the user's repository at the patch's base, without a branch, with the patch applied and nothing
 * committed. No hook runs. Throws `patch-refused`, `session-state`
 * where the repository does not have the base, and `internal` where git refuses.
 */
export async function checkOut({ root, folder, patch }: Checkout, env: Environment): Promise<void> {
  // Attributes choose which of the user's own programs git runs on a file.
  const attributes = patch.files.find(({ path }) => posix.basename(path) === '.gitattributes')
  if (attributes !== undefined)
    throw failures.patchRefused(`it changes ${attributes.path}, which decides what git runs on files`)
  const git = userGit(root, env)
  // A base that moved was fetched into the session's own repository alone.
  if (!(await hasCommit(git, patch.baseCommit))) throw failures.baseNotHere(root, patch.baseCommit)
  const add = ['worktree', 'add', '--quiet', '--detach', folder, patch.baseCommit]
  await told(git.run(add), 'worktree add')
  const apply = git.run(['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch.text })
  await told(apply, 'apply').catch(async (error: unknown) => {
    await git.run(['worktree', 'remove', '--force', folder], { answers: [1, 128] })
    throw error
  })
}

export async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  )
}

async function told(ran: Promise<unknown>, what: string): Promise<void> {
  try {
    await ran
  } catch (error) {
    throw failures.gitFailed(what, error instanceof Error ? error.message : String(error))
  }
}
