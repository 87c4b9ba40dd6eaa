import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Event } from '../../../src/contract/events.ts'
import type { TestResult } from '../../../src/contract/report.ts'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import type { Drydock } from '../../support/drydock.ts'
import { playedBy } from '../../support/drydock.ts'
import { type FileContent, writeFiles } from '../../support/madeRepository.ts'
import type { Turn } from '../../support/model/script.ts'
import { type PlayedModel, startModel } from '../../support/model/server.ts'
import { fixtureRepository, git, type TestRepository } from '../../support/repository.ts'

/** A fixture project with hostile files on top, committed. */
export async function hostileRepository(
  fixture: string,
  files: Readonly<Record<string, FileContent>>,
): Promise<TestRepository> {
  const repository = await fixtureRepository(fixture)
  await writeFiles(repository.root, files)
  await git(repository.root, 'add', '--all', '--force')
  await git(repository.root, 'commit', '--quiet', '--allow-empty', '--message', 'Hostile')
  return repository
}

/** A hook and a filter in the user's own `.git` that leave a mark where anything of the run triggers them. */
export async function trap(root: string, mark: string): Promise<void> {
  const script = `#!/bin/sh\ntouch ${mark}\ncat\n`
  for (const hook of [
    'pre-commit',
    'post-checkout',
    'pre-push',
    'post-index-change',
    'reference-transaction',
  ])
    await writeFile(join(root, '.git/hooks', hook), script, { mode: 0o755 })
  await writeFile(join(root, '.git/evil.sh'), script, { mode: 0o755 })
  for (const key of ['filter.evil.clean', 'filter.evil.smudge', 'diff.evil.textconv', 'core.fsmonitor'])
    await git(root, 'config', key, join(root, '.git/evil.sh'))
}

const criterion = (quote: string) => ({ pass: true, reason: 'All is well.', evidence: [quote] })

/** A judge that approves of everything and can always quote something. */
export function approving(quote: string): Turn {
  const verdict = { in_scope: criterion(quote), safe: criterion(quote), quality: criterion(quote) }
  return { toolUses: [{ name: 'verdict', input: verdict }] }
}

export interface Played {
  readonly view: SessionView
  readonly model: PlayedModel
  /** What `drydock show` prints. */
  readonly shown: string
}

/** One update with a played model. Every attempt begins the script anew. */
export async function play(
  drydock: Drydock,
  repository: TestRepository,
  wish: string,
  agent: readonly Turn[],
  judge: Turn,
): Promise<Played> {
  const model = await startModel({
    agent: (request) =>
      agent[request.messages.filter(({ role }) => role === 'assistant').length] ?? { text: 'Done.' },
    judge: () => judge,
  })
  try {
    const args = ['update', wish, '--repo', repository.root, '--no-review', '--max-attempts', '1']
    const view = await drydock.session(args, playedBy(model))
    const { stdout } = await drydock.run(['show', view.id])
    return { view, model, shown: stdout }
  } finally {
    await model.close()
  }
}

export function codes(view: SessionView): readonly string[] {
  return view.warnings.map(({ code }) => code)
}

export function edit(path: string, old: string, replacement: string): Turn {
  return { toolUses: [{ name: 'Edit', input: { path, old, new: replacement } }] }
}

export function create(path: string, text: string): Turn {
  return { toolUses: [{ name: 'Edit', input: { path, old: '', new: text, create: true } }] }
}

/** Every test of the report of a role, from the session's log. */
export async function testsOf(drydock: Drydock, id: string, role: string): Promise<readonly TestResult[]> {
  const { stdout } = await drydock.run(['replay', id, '--json'])
  return stdout
    .trim()
    .split('\n')
    .map((line) => Event.parse(JSON.parse(line)))
    .flatMap((event) =>
      event.type === 'report.made' && event.report.role === role ? event.report.tests : [],
    )
}
