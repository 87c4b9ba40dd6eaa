import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type QuickPickItem, window } from 'vscode'
import type { Services } from '../services.ts'
import { givenSettings } from '../settings.ts'
import { chooseStart } from './beforeStart.ts'
import { choosePlace } from './place.ts'
import { plainLabel } from './plainLabel.ts'
import { startSession } from './start.ts'
import { parseTaskFile, type TaskFile, titleOf } from './taskFile.ts'
import { chooseUncommitted } from './uncommitted.ts'

const kinds = [
  { change: 'refactor', label: 'Refactor', detail: 'The code changes, what it does stays' },
  { change: 'migration', label: 'Migration', detail: 'From one way, library or version to another' },
] as const

/** Run Migration or Refactor: one change type a session, by a prompt of the person's or a file of the repository's. */
export async function runChange(services: Services, given: unknown): Promise<void> {
  const place = await choosePlace(given)
  if (place === undefined) return
  const task = await chooseTask(place.root)
  if (task === undefined || task.prompt === '') return
  const kind =
    task.kind ??
    (await window.showQuickPick(kinds, { placeHolder: 'What kind of change is it?', ignoreFocusOut: true }))
      ?.change
  if (kind === undefined) return
  const includeUncommitted = await chooseUncommitted(place.root)
  if (includeUncommitted === undefined || !(await chooseStart(services, place.root))) return
  await startSession(services, {
    do: 'change',
    repository: { root: place.folder ?? place.root, includeUncommitted },
    settings: givenSettings(),
    ...{ kind, title: task.title, prompt: task.prompt },
  })
}

async function chooseTask(root: string): Promise<TaskFile | undefined> {
  const files = await taskFiles(root)
  if (files.length === 0) return typedTask()
  const items = [
    { task: undefined, label: '$(edit) Describe the change…' },
    ...files.map(([name, task]): QuickPickItem & { task: TaskFile } => ({
      task,
      label: `$(file) ${plainLabel(task.title)}`,
      description: plainLabel(`.drydock/tasks/${name}`),
      ...(task.kind === undefined ? {} : { detail: task.kind }),
    })),
  ]
  const chosen = await window.showQuickPick(items, {
    title: 'Run Migration or Refactor',
    placeHolder: 'Which change?',
    ignoreFocusOut: true,
  })
  return chosen === undefined ? undefined : (chosen.task ?? typedTask())
}

async function taskFiles(root: string): Promise<readonly (readonly [string, TaskFile])[]> {
  const folder = join(root, '.drydock', 'tasks')
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.md$/i.test(name)).sort()
  return Promise.all(
    names.map(
      async (name) => [name, parseTaskFile(name, await readFile(join(folder, name), 'utf8'))] as const,
    ),
  )
}

async function typedTask(): Promise<TaskFile | undefined> {
  const prompt = await window.showInputBox({
    title: 'Run Migration or Refactor',
    prompt: 'The state that the code should be in afterwards. Longer ones fit in .drydock/tasks/*.md.',
    placeHolder: 'All HTTP calls go through src/http/client.ts',
    ignoreFocusOut: true,
  })
  return prompt?.trim() ? { title: titleOf(prompt), prompt: prompt.trim() } : undefined
}
