import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type QuickPickItem, window } from 'vscode'
import { plainLabel } from './plainLabel.ts'

const run = promisify(execFile)

/**
 * Whether uncommitted changes are to be packaged; undefined where the person went away. Asked only where there
 * are some: it says what a session would see.
 */
export async function chooseUncommitted(root: string): Promise<boolean | undefined> {
  const changed = await changedFiles(root)
  if (changed.length === 0) return false
  const names = `${plainLabel(changed.slice(0, 3).join(', '))}${changed.length > 3 ? ', …' : ''}`
  const count = changed.length === 1 ? '1 file has' : `${changed.length} files have`
  const items: (QuickPickItem & { include: boolean })[] = [
    {
      include: false,
      label: '$(git-commit) Package the last commit',
      detail: `${count} uncommitted changes that the session will not see: ${names}`,
    },
    {
      include: true,
      label: '$(diff) Package the work tree as it is',
      detail: 'To try something out: a patch made on top of uncommitted changes cannot be published.',
    },
  ]
  const chosen = await window.showQuickPick(items, {
    placeHolder: 'The work tree has uncommitted changes. What shall the session work on?',
    ignoreFocusOut: true,
  })
  return chosen?.include
}

/** The person's own tree, as their own git sees it; its file-system monitor is not started for this. */
async function changedFiles(root: string): Promise<readonly string[]> {
  const args = ['-c', 'core.fsmonitor=false', 'status', '--porcelain=v1', '-z', '--untracked-files=no']
  const { stdout } = await run('git', args, { cwd: root, maxBuffer: 16 * 1024 * 1024 }).catch(() => ({
    stdout: '',
  }))
  return stdout
    .split('\0')
    .filter((entry) => /^[ MADRCUT?]{2} /.test(entry))
    .map((entry) => entry.slice(3))
}
