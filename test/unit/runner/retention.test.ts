import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { SessionFacts } from '../../../src/contract/statistics/facts.ts'
import { cacheFolders, expiredSessions } from '../../../src/runner/leftovers/retention.ts'
import { createSession } from '../../../src/store/session.ts'
import { readFacts } from '../../../src/store/statistics.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'
import { fillSessions } from '../../support/vscode/manySessions.ts'

describe('what is older or more than is kept', () => {
  const names = (found: readonly { readonly path: string }[]) => found.map(({ path }) => basename(path))

  it('is ended sessions alone, by age, then the oldest until the size fits', async () => {
    await using folder = await temporaryFolder()
    const sessions = join(folder.path, 'sessions')
    await fillSessions(sessions, 12)
    const { facts: read } = await readFacts(sessions, join(folder.path, 'statistics.json'))
    const facts = read.map(
      (one, at): SessionFacts => ({
        ...one,
        createdAt: `2026-01-${String(at + 1).padStart(2, '0')}T00:00:00.000Z`,
      }),
    )
    const ended = facts.filter(({ outcome }) => outcome !== null && outcome !== 'awaiting-review')
    assert.ok(ended.length > 2 && ended.length < facts.length)
    const old = await expiredSessions(sessions, facts, { before: '2026-01-07T00:00:00.000Z' })
    assert.deepEqual(
      names(old),
      ended.filter(({ createdAt }) => createdAt < '2026-01-07').map(({ id }) => id),
    )
    assert.ok(old.every(({ bytes }) => bytes > 1000))
    const all = await expiredSessions(sessions, facts, { maxBytes: 1 })
    assert.deepEqual(
      names(all),
      ended.map(({ id }) => id),
      'what waits for a person stays, though the size does not fit',
    )
    const one = await expiredSessions(sessions, facts, { maxBytes: 13 * 16_000 })
    assert.ok(one.length < all.length)
    assert.deepEqual(names(await expiredSessions(sessions, facts, {})), [])
  })

  it('is no session that somebody holds', async () => {
    await using folder = await temporaryFolder()
    const sessions = join(folder.path, 'sessions')
    await fillSessions(sessions, 1)
    const { facts } = await readFacts(sessions, join(folder.path, 'statistics.json'))
    const id = '20260102-030405-abc123'
    const held = await createSession(sessions, sessionTask(id), 'drydock/test', {
      control: { cancel: () => {}, isCancelling: () => false },
    })
    const claimed = facts.map((one) => ({ ...one, id, outcome: 'published' as const }))
    assert.deepEqual(await expiredSessions(sessions, claimed, { before: '2030-01-01' }), [])
    await held.release()
    assert.equal((await expiredSessions(sessions, claimed, { before: '2030-01-01' })).length, 1)
  })

  it('is of the caches everything but the locks of runners', async () => {
    await using folder = await temporaryFolder()
    for (const name of ['packages', 'slots', 'baselines']) await mkdir(join(folder.path, name))
    await writeFile(join(folder.path, 'packages', 'a'), 'x'.repeat(100))
    const found = await cacheFolders(folder.path)
    assert.deepEqual(
      found.map(({ path, bytes }) => [basename(path), bytes]),
      [
        ['baselines', 0],
        ['packages', 100],
      ],
    )
    assert.deepEqual(await cacheFolders(join(folder.path, 'none')), [])
  })
})
