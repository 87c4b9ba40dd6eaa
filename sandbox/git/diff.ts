import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Git, type GitCall, gitText, runGit } from './git.ts'

/** Largest diff that is made, bytes; the policy of patches is far below. */
const maxDiffBytes = 8 * 1024 * 1024

function names(list: string): string[] {
  return list.split('\0').filter((name) => name !== '')
}

function present(git: Git): Set<string> {
  const file = join(git.gitDir, 'drydock-present')
  return new Set(existsSync(file) ? names(readFileSync(file, 'utf8')) : [])
}

/**
 * The change of the work tree against `tree`, new files included, ignored ones and nested repositories left out, in
 * git's unified format (`--binary --no-renames --full-index`). Uses an index of its own, so that what the agent staged
 * plays no part.
 */
export async function diffOfWorkTree(
  git: Git,
  tree: string,
  options: Omit<GitCall, 'maxBytes' | 'index'>,
): Promise<string> {
  const call = { ...options, maxBytes: maxDiffBytes, index: join(git.gitDir, 'drydock-index') }
  if (!existsSync(call.index)) await gitText(git, ['read-tree', tree], call)
  // Notes which files are as they were, so that the next call need not read them all again.
  await runGit(git, ['update-index', '-q', '--refresh'], call)
  const changed = names(await gitText(git, ['ls-files', '-z', '--modified', '--deleted'], call))
  const others = names(await gitText(git, ['ls-files', '-z', '--others', '--exclude-standard'], call))
  const before = present(git)
  // A name with a slash at its end is a nested repository, which git would add as a link to it.
  const added = others.filter((name) => !name.endsWith('/') && !before.has(name))
  const input = [...new Set([...changed, ...added])].map((name) => `${name}\0`).join('')
  if (input !== '')
    await gitText(git, ['update-index', '--add', '--remove', '-z', '--stdin'], { ...call, input })
  const format = ['--binary', '--no-renames', '--full-index', '--no-color', '--no-ext-diff', '--no-textconv']
  return gitText(
    git,
    ['diff', '--cached', ...format, '--ignore-submodules=all', '--src-prefix=a/', '--dst-prefix=b/', tree],
    call,
  )
}
