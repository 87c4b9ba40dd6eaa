import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EventBody } from '../../../src/contract/events.ts'
import { DrydockError } from '../../../src/contract/failure.ts'
import { commands } from '../../../src/contract/following.ts'
import { retryOf } from '../../../src/runner/commands/again.ts'
import type { CommandContext } from '../../../src/runner/commands/context.ts'
import { publishSession } from '../../../src/runner/commands/publish.ts'
import { rejectSession } from '../../../src/runner/commands/reject.ts'
import { restoreSession } from '../../../src/runner/commands/restore.ts'
import { holdFor } from '../../../src/runner/follow.ts'
import { createSession, readSession } from '../../../src/store/session.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'
import { smallDisk } from '../../support/smallDisk.ts'

const execute = promisify(execFile)
const control = { cancel: () => {}, isCancelling: () => false }
const id = '20260102-030405-abc123'
const digest = 'a'.repeat(64)
const patch = {
  baseCommit: 'a'.repeat(40),
  digest,
  files: [
    {
      path: 'a.js',
      status: 'modified' as const,
      additions: 1,
      deletions: 1,
      binary: false,
      role: 'source' as const,
    },
  ],
}
const commit = 'b'.repeat(40)
const waits: EventBody = { type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting.' }
const made: EventBody = { type: 'patch.made', source: 'update', patch }
const approved: EventBody = {
  ...{ type: 'review.approved', digest, baseCommit: patch.baseCommit, acknowledged: [], withoutJudge: true },
}
const dropping: EventBody = { type: 'review.dropping', digest, parts: ['a.js'] }
const finished = (outcome: 'rejected' | 'published' | 'vetoed'): EventBody => ({
  ...{ type: 'session.finished', outcome, reason: 'It is.' },
})

/** What is in the log when its runner is gone, and what may follow. */
const logs: readonly (readonly [string, readonly EventBody[], string])[] = [
  ['waits', [made, waits], 'publish reject drop restore retry'],
  [
    'was rejected after an approval whose push failed',
    [made, waits, approved, finished('rejected')],
    'retry',
  ],
  ['was published', [made, waits, approved, finished('published')], 'retry'],
  ['was vetoed', [made, finished('vetoed')], 'retry'],
  ['died at its work', [made, { type: 'stage.started', stage: 'verify', role: 'update' }], 'retry'],
  [
    'died while it dropped',
    [made, waits, dropping, { type: 'stage.started', stage: 'queue' }],
    'reject drop restore retry',
  ],
  [
    'died after its push',
    [made, waits, approved, { type: 'branch.pushed', remote: 'o', branch: 'b', commit }],
    'publish reject retry',
  ],
]

async function sessionWith(folder: string, events: readonly EventBody[]): Promise<CommandContext> {
  const held = await createSession(folder, sessionTask(id), 'drydock/test', { control })
  for (const event of events) held.log.emit(event)
  await held.release()
  return {
    sessions: folder,
    version: 'test',
    env: {},
    signal: new AbortController().signal,
    now: () => new Date(),
  } as CommandContext
}

const refused = (error: unknown) => error instanceof DrydockError && error.failure.code === 'session-state'

describe('a session that', () => {
  for (const [name, events, may] of logs) {
    it(`${name} may be followed by: ${may}`, async () => {
      await using folder = await temporaryFolder()
      const context = await sessionWith(folder.path, events)
      const follow: string[] = []
      for (const command of commands) {
        try {
          await (await holdFor(context, id, command, { control })).release()
          follow.push(command)
        } catch (error) {
          assert.ok(refused(error), `${command}: ${error}`)
        }
      }
      assert.equal(follow.join(' '), may)
    })
  }

  it('was rejected is not published, whatever was approved before', async () => {
    await using folder = await temporaryFolder()
    const context = await sessionWith(folder.path, [made, waits, approved, finished('rejected')])
    const wish = { acknowledge: [], withoutJudge: true, unverified: true, quiet: true }
    await assert.rejects(publishSession(context, id, wish), refused)
    await assert.rejects(rejectSession(context, id, ''), refused)
    await assert.rejects(restoreSession(context, id, undefined), refused)
    // It may be tried again, where its repository is.
    await assert.rejects(retryOf(context, id, undefined), /not-a-repository: \/nowhere is gone/)
  })

  it('died while it dropped says so, publishes nothing of it, and keeps its parts where a person restores them', async () => {
    await using folder = await temporaryFolder()
    const context = await sessionWith(folder.path, [
      made,
      waits,
      dropping,
      { type: 'stage.started', stage: 'queue' },
    ])
    const wish = { acknowledge: [], withoutJudge: true, unverified: true, quiet: true }
    await assert.rejects(
      publishSession(context, id, wish),
      /to be dropped, and what remains was never checked/,
    )
    const view = await readSession(folder.path, id)
    assert.deepEqual([view.outcome, view.dropping], ['awaiting-review', ['a.js']])
    assert.match(view.reason ?? '', /ended in the middle/)
    const whole = await restoreSession(context, id, undefined)
    assert.deepEqual([whole.dropping, whole.patch?.digest], [undefined, digest])
  })
})

describe('a decision on a full disk', () => {
  it('is not made, and says so', async function () {
    await using folder = await temporaryFolder()
    await using _ = await smallDisk(this, folder.path, '256k')
    const context = await sessionWith(join(folder.path, 'sessions'), [made, waits])
    await assert.rejects(writeFile(join(folder.path, 'filler'), Buffer.alloc(300_000, 1)))
    // Longer than what is left of the log's last block.
    const full = (error: unknown) => error instanceof DrydockError && error.failure.code === 'disk-full'
    await assert.rejects(rejectSession(context, id, 'no '.repeat(3000)), full)
    assert.equal((await readSession(context.sessions, id)).outcome, 'awaiting-review')
  })
})

describe('a session folder that cannot be read', () => {
  const program = join(import.meta.dirname, '../../../src/runner/main.ts')

  it('is a row that says what is wrong, and hides none of the others', async () => {
    await using folder = await temporaryFolder()
    const sessions = join(folder.path, 'sessions')
    const good = '20260102-030405-aaaaaa'
    const ids = ['bbbbbb', 'cccccc', 'dddddd', 'eeeeee'].map((end) => `20260102-030405-${end}`)
    for (const each of [good, ...ids]) {
      const held = await createSession(sessions, sessionTask(each), 'drydock/test', { control })
      held.log.emit({ type: 'session.finished', outcome: 'up-to-date', reason: 'It is.' })
      await held.release()
    }
    const [folderForFile = '', folderForTask = '', newer = '', newKind = ''] = ids.map((each) =>
      join(sessions, each),
    )
    await execute('rm', [join(folderForFile, 'events.jsonl'), join(folderForTask, 'task.json')])
    await mkdir(join(folderForFile, 'events.jsonl'))
    await mkdir(join(folderForTask, 'task.json'))
    for (const [dir, from, to] of [
      [newer, '{"v":1', '{"v":2'],
      [newKind, 'session.finished', 'session.sung'],
    ] as const) {
      const file = join(dir, 'events.jsonl')
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll(from, to))
    }
    await chmod(newer, 0o700)
    const copy = '20260102-030405-ffffff'
    await cp(join(sessions, good), join(sessions, copy), {
      recursive: true,
      filter: (path) => !path.endsWith('.sock'),
    })
    const { stdout } = await execute(process.execPath, [program, 'sessions', '--json'], {
      env: { ...process.env, DRYDOCK_HOME: folder.path },
    })
    const rows = JSON.parse(stdout) as {
      id: string
      outcome?: string
      failure?: { code: string; message: string }
    }[]
    assert.equal(rows.length, 6)
    assert.match(
      rows.find((row) => row.id === copy)?.failure?.message ?? '',
      /is a copy of the session .*aaaaaa/,
    )
    assert.equal(rows.find((row) => row.id === good)?.outcome, 'up-to-date')
    const said = ids.map((each) => rows.find((row) => row.id === each)?.failure?.message ?? '')
    assert.match(said[0] ?? '', /cannot be read: EISDIR/)
    assert.match(said[1] ?? '', /cannot be read: EISDIR/)
    assert.match(said[2] ?? '', /newer version of Drydock/)
    assert.match(said[3] ?? '', /newer version of Drydock/)
  })
})
