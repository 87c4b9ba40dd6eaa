import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { ProgressLocation, type QuickPickItem, window } from 'vscode'
import { type Remedy, remedyTitles } from '../../contract/inEditor.ts'
import { mend } from '../mend.ts'
import type { Services } from '../services.ts'
import { plainLabel } from './plainLabel.ts'

const run = promisify(execFile)

/** What a session may come to want, said before it is there. */
interface Lack {
  readonly icon: string
  readonly title: string
  /** Beside the title, where there is more to say than a line holds. */
  readonly description?: string
  readonly detail: string
  readonly mend: () => Promise<void>
}

interface Choice extends QuickPickItem {
  /** Undefined: it starts as it is. */
  readonly lack?: Lack
}

/** Whether to start: asked where something is missing that the session may need, until nothing is or the person says so. */
export async function chooseStart(services: Services, root: string): Promise<boolean> {
  for (;;) {
    const lacks = await lacksOf(services, root)
    if (lacks.length === 0) return true
    const items: Choice[] = [
      ...lacks.map((lack) => ({ lack, label: `$(${lack.icon}) ${lack.title}`, ...said(lack) })),
      { label: '$(play) Start anyway', detail: 'It goes as far as it can without.' },
    ]
    const chosen = await window.showQuickPick(items, {
      title: 'Before It Starts',
      placeHolder: 'What is missing can be mended first',
      ignoreFocusOut: true,
    })
    if (chosen === undefined) return false
    if (chosen.lack === undefined) return true
    await chosen.lack.mend()
  }
}

function said({ description, detail }: Lack): Pick<QuickPickItem, 'description' | 'detail'> {
  return { detail, ...(description === undefined ? {} : { description }) }
}

async function lacksOf(services: Services, root: string): Promise<readonly Lack[]> {
  const [engine, key, remote, behind] = await Promise.all([
    services.engine.lack(),
    services.secrets.hasKey(),
    git(root, 'remote'),
    git(root, 'rev-list', '--count', 'HEAD..@{upstream}'),
  ])
  const lack = (remedy: Remedy, icon: string, detail: string): Lack => ({
    ...{ icon, title: remedyTitles[remedy], detail },
    mend: () => mend(remedy),
  })
  const late = Number(behind ?? 0)
  return [
    ...(engine === undefined
      ? []
      : [
          {
            ...lack(engine.remedy, 'package', plainLabel(engine.next)),
            description: plainLabel(engine.what),
          },
        ]),
    ...(key
      ? []
      : [lack('setKey', 'key', 'No key for the model is set: an update that breaks will need one.')]),
    // Undefined: git itself is not there, which the runner says.
    ...(remote === ''
      ? [
          lack(
            'addRemote',
            'git-pull-request',
            'The repository has no remote: the change can be reviewed, and not be published.',
          ),
        ]
      : []),
    ...(late > 0 ? [await behindItsRemote(root, late)] : []),
  ]
}

async function behindItsRemote(root: string, commits: number): Promise<Lack> {
  const [branch = '', upstream = ''] = await Promise.all([
    git(root, 'rev-parse', '--abbrev-ref', 'HEAD'),
    git(root, 'rev-parse', '--abbrev-ref', '@{upstream}'),
  ])
  const count = commits === 1 ? '1 commit' : `${commits} commits`
  return {
    ...{ icon: 'repo-pull', title: 'Pull' },
    detail: `${plainLabel(branch)} is ${count} behind ${plainLabel(upstream)}: the session would start from what is old.`,
    mend: async () => pull(root),
  }
}

/** By the person's own git, fast forward only: nothing is merged behind their back. */
async function pull(root: string): Promise<void> {
  const options = { location: ProgressLocation.Notification, title: 'Pulling' }
  await window.withProgress(options, async () => {
    if ((await git(root, 'pull', '--ff-only', '--quiet')) === undefined)
      void window.showWarningMessage(
        'The branch could not be moved forward. Pull it by hand, or start anyway.',
      )
  })
}

/** What the person's own git says; undefined where it refuses. */
async function git(root: string, ...args: readonly string[]): Promise<string | undefined> {
  const made = await run('git', ['-c', 'core.fsmonitor=false', ...args], { cwd: root }).catch(() => undefined)
  return made?.stdout.trim()
}
