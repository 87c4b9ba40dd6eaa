import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ecosystems } from '../../src/contract/ecosystems/index.ts'
import { type Git, type GitCall, gitText } from './git.ts'

// No conversion, filter or driver that the repository's attributes name: bytes are compared as they lie there.
const attributes = '* -text !eol !filter !ident !working-tree-encoding !diff !merge\n'
const excludes = ecosystems.flatMap(({ installed }) => installed)

function escaped(path: string): string {
  return `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}`
}

function configuration(tree: string): string {
  const sha256 = tree.length === 64
  const core = `[core]\n\trepositoryformatversion = ${sha256 ? 1 : 0}\n\tfilemode = true\n\tbare = false\n`
  return sha256 ? `${core}[extensions]\n\tobjectformat = sha256\n` : core
}

async function fill(git: Git, tree: string, call: GitCall): Promise<void> {
  const file = (name: string, text: string) => writeFileSync(join(git.gitDir, name), text)
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'info']) {
    mkdirSync(join(git.gitDir, name), { recursive: true })
  }
  file('HEAD', 'ref: refs/heads/main\n')
  file('config', configuration(tree))
  file('objects/info/alternates', `${join(git.workspace, '.git/objects')}\n`)
  file('info/attributes', attributes)
  file('info/exclude', `${excludes.join('\n')}\n`)
  const commit = await gitText(git, ['commit-tree', '-m', 'Base and update', tree], call)
  await gitText(git, ['update-ref', 'refs/heads/main', commit.trim()], call)
  await gitText(git, ['read-tree', tree], call)
}

/** What lies in the work tree beside the tree's own files before the agent began, such as build output. */
async function leaveOut(git: Git, ours: readonly string[], call: GitCall): Promise<void> {
  const listed = await gitText(git, ['ls-files', '-z', '--others', '--exclude-standard'], call)
  const present = listed.split('\0').filter((path) => path !== '' && !ours.includes(path))
  // A nested repository (a slash at its end) stays in view: adding it is refused aloud.
  const hidden = present.filter((path) => !path.includes('\n') && !path.endsWith('/'))
  const lines = [...excludes, ...hidden.map(escaped)]
  writeFileSync(join(git.gitDir, 'info/exclude'), `${lines.join('\n')}\n`)
  writeFileSync(join(git.gitDir, 'drydock-present'), present.join('\0'))
}

/**
 * Makes our git folder outside the work tree: one commit of `tree`, whose objects lie in the work tree's `.git` and are
 * borrowed from there; nothing else of that folder is used. Two processes may call it at once. `ours` are new files of
 * an earlier attempt, which belong to the change.
 */
export async function ensureGitFolder(
  git: Git,
  tree: string,
  ours: readonly string[],
  call: GitCall,
): Promise<void> {
  if (existsSync(git.gitDir)) return
  mkdirSync(dirname(git.gitDir), { recursive: true })
  const made = { ...git, gitDir: mkdtempSync(`${git.gitDir}-`) }
  await fill(made, tree, call)
  await leaveOut(made, ours, call)
  try {
    renameSync(made.gitDir, git.gitDir)
  } catch (error) {
    rmSync(made.gitDir, { recursive: true, force: true })
    if (!existsSync(git.gitDir)) throw error
  }
}
