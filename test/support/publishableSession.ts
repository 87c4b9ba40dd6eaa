import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventBody } from '../../src/contract/events.ts'
import { noTests } from '../../src/contract/report.ts'
import { Settings } from '../../src/contract/settings.ts'
import { openBareRepository } from '../../src/runner/git/bareRepository.ts'
import { openRepository } from '../../src/runner/git/userRepository.ts'
import { createSession, type HeldSession } from '../../src/store/session.ts'
import { git, makeRepository, writeFiles } from './madeRepository.ts'
import { sessionTask } from './sessionTask.ts'

const control = { cancel: () => {}, isCancelling: () => false }

export interface PublishableOptions {
  readonly remoteUrl: string
  readonly githubApiUrl?: string
  /** Where the bare repository is served from; a folder beside the work tree where it is left out. */
  readonly remotes?: string
  readonly secrets?: readonly string[]
  readonly id?: string
  /** Where sessions are; a folder beside the work tree where it is left out. */
  readonly sessions?: string
  /** What its checks came to, where they did not pass. */
  readonly red?: boolean
  /** Files of the base commit besides, and settings of the user. */
  readonly files?: Readonly<Record<string, string>>
  readonly settings?: Partial<Settings>
  /** The session stands on a commit that the remote does not have. */
  readonly ahead?: boolean
}

export interface PublishableSession {
  readonly root: string
  readonly remotes: string
  readonly held: HeldSession
  readonly patchText: string
  readonly base: string
}

/** A repository with a remote over HTTP, and a session whose patch awaits review. */
export async function publishableSession(
  folder: string,
  options: PublishableOptions,
): Promise<PublishableSession> {
  const { remoteUrl, githubApiUrl, remotes = join(folder, 'remotes'), secrets = [], red = false } = options
  const { id = '20260102-030405-abc123', sessions = join(folder, 'sessions') } = options
  const { files = {}, settings = {}, ahead = false } = options
  const root = join(folder, 'user')
  const first = await makeRepository(root, {
    'package.json': '{"version":"1"}\n',
    'a.js': 'one\n',
    '.env': 'KEY=1\n',
    ...files,
  })
  await mkdir(join(remotes, 'o'), { recursive: true })
  await git(remotes, 'clone', '-q', '--bare', root, 'o/r.git')
  if (ahead) await git(root, 'commit', '-q', '--allow-empty', '-m', 'not pushed')
  const base = ahead ? await git(root, 'rev-parse', 'HEAD') : first
  await git(root, 'remote', 'add', 'origin', remoteUrl)
  const canary = join(folder, 'CANARY')
  for (const hook of ['pre-push', 'pre-commit', 'commit-msg', 'post-commit', 'reference-transaction']) {
    await writeFiles(root, { [`.git/hooks/${hook}`]: { executable: `#!/bin/sh\ntouch ${canary}\n` } })
  }
  await git(root, 'config', 'core.fsmonitor', `touch ${canary}`)
  await git(root, 'config', 'user.name', 'Grace')
  await git(root, 'config', 'user.email', 'grace@example.com')
  const found = await openRepository(root)
  const repository = { root: found.root, baseCommit: base, branch: 'main', includeUncommitted: false }
  const task = sessionTask(id, {
    repository: { ...repository, ...(found.remote === undefined ? {} : { remote: found.remote }) },
    settings: Settings.parse({ ...settings, ...(githubApiUrl === undefined ? {} : { githubApiUrl }) }),
  })
  const held = await createSession(sessions, task, 'test', {
    control,
    secrets,
  })
  const bare = await openBareRepository({ dir: join(held.folder, 'repo.git'), source: root })
  const changed = await bare.withFiles(base, new Map([['package.json', Buffer.from('{"version":"2"}\n')]]))
  const patch = await bare.diff(base, `${base}^{tree}`, changed)
  const { text, ...ref } = patch
  await held.log.artifacts.put(text)
  const events: readonly EventBody[] = [
    {
      type: 'update.planned',
      manifests: ['package.json'],
      from: '1.0.0',
      to: '2.0.0',
      moves: [{ name: 'left-pad', from: '1.0.0', to: '2.0.0' }],
    },
    { type: 'patch.made', source: 'update', patch: ref },
    {
      type: 'matrix.made',
      matrix: {
        counts: { ...noTests, ...(red ? { broken: 1 } : { passing: 1 }) },
        ...{ tests: [], steps: [], green: !red, verified: true },
        reasons: red ? ['One test is broken.'] : [],
      },
    },
    { type: 'verdict.given', verdict: { decision: 'approve', summary: 'Good.', samples: 1, costUsd: 0 } },
    { type: 'session.finished', outcome: 'awaiting-review', reason: 'verified' },
  ]
  for (const event of events) held.log.emit(event)
  return { root, remotes, held, patchText: text, base }
}
