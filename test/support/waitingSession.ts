import { join } from 'node:path'
import type { EventBody } from '../../src/contract/events.ts'
import { Settings } from '../../src/contract/settings.ts'
import { openBareRepository } from '../../src/runner/git/bareRepository.ts'
import type { BareRepository } from '../../src/runner/git/repository.ts'
import { readPatch } from '../../src/runner/patch/read.ts'
import { matrix } from '../../src/runner/verify/matrix.ts'
import { createSession, type HeldSession } from '../../src/store/session.ts'
import { type FileContent, makeRepository } from './madeRepository.ts'
import { report } from './reports.ts'
import { sessionTask } from './sessionTask.ts'

const control = { cancel: () => {}, isCancelling: () => false }
export const waitingId = '20260102-030405-abc123'

export interface Waiting {
  readonly held: HeldSession
  readonly repository: BareRepository
  readonly sessions: string
  readonly root: string
  readonly base: string
}

/** A repaired update of a real repository that waits for review: its log is written, nothing was ever run. */
export async function waitingSession(
  folder: string,
  more: {
    readonly files?: Readonly<Record<string, FileContent>>
    readonly secrets?: readonly string[]
    readonly withoutRemote?: boolean
  } = {},
): Promise<Waiting> {
  const [root, sessions] = [join(folder, 'user'), join(folder, 'sessions')]
  const files = { 'package.json': '{"version":"1"}\n', 'package-lock.json': '{"v":1}\n', 'a.js': 'one\n' }
  const base = await makeRepository(root, { ...files, ...more.files })
  const task = sessionTask(waitingId, {
    repository: {
      ...{ root, baseCommit: base, branch: 'main', includeUncommitted: false },
      ...(more.withoutRemote === true
        ? {}
        : { remote: { name: 'origin', url: 'https://forge.example.com/o/r.git' } }),
    },
    settings: Settings.parse({ gitHosts: ['git.example.com'] }),
  })
  const held = await createSession(sessions, task, 'drydock/test', { control, secrets: more.secrets ?? [] })
  const repository = await openBareRepository({ dir: join(held.folder, 'repo.git'), source: root })
  const updated = new Map([
    ['package.json', Buffer.from('{"version":"2"}\n')],
    ['package-lock.json', Buffer.from('{"v":2}\n')],
  ])
  const [update, repair] = await Promise.all(
    [updated, new Map([...updated, ['a.js', Buffer.from('two\n')]])].map(async (changed) => {
      const tree = await repository.withFiles(`${base}^{tree}`, changed)
      const { text } = await repository.diff(base, `${base}^{tree}`, tree)
      await held.log.artifacts.put(text)
      const { text: _, ...reference } = readPatch(text, base)
      return reference
    }),
  )
  if (update === undefined || repair === undefined) throw new Error('no patch')
  for (const event of logOf(update, repair)) held.log.emit(event)
  return { held, repository, sessions, root, base }
}

type Reference = Extract<EventBody, { type: 'patch.made' }>['patch']

function logOf(update: Reference, repair: Reference): readonly EventBody[] {
  const reports = {
    base: report({ 'a.test.js › adds': 'passed', 'a.test.js › takes': 'passed' }, { image: 'sha256:1' }),
    update: report({ 'a.test.js › adds': 'failed', 'a.test.js › takes': 'passed' }, { role: 'update' }),
    repair: report({ 'a.test.js › adds': 'passed', 'a.test.js › takes': 'passed' }, { role: 'repair' }),
  }
  const pass = { pass: true, reason: 'It is so.', evidence: ['two'] }
  return [
    {
      ...{ type: 'update.planned', manifests: ['package.json'], from: '1.0.0', to: '2.0.0' },
      moves: [{ name: 'left-pad', from: '1.0.0', to: '2.0.0' }],
    },
    { type: 'patch.made', source: 'update', patch: update },
    { type: 'report.made', report: reports.base },
    { type: 'report.made', report: reports.update },
    { type: 'attempt.started', attempt: 1, model: 'a-model', promptHash: 'b'.repeat(64) },
    { type: 'attempt.finished', attempt: 1, end: 'done', turns: 2, account: 'I followed the interface.' },
    { type: 'patch.made', source: 'repair', patch: repair },
    { type: 'report.made', report: reports.repair, attempt: 1 },
    { type: 'matrix.made', matrix: matrix(reports) },
    {
      type: 'warning.raised',
      warning: { code: 'api-removed', message: 'Look at it.', severity: 'acknowledge' },
    },
    {
      type: 'verdict.given',
      verdict: {
        ...{ decision: 'approve', summary: 'Good.', samples: 1, costUsd: 0.02, promptHash: 'c'.repeat(64) },
        criteria: { in_scope: pass, safe: pass, quality: pass },
      },
    },
    { type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' },
  ]
}
