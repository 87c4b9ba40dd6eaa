import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, rm, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findLeftovers } from '../../../src/runner/leftovers/find.ts'
import { createSession } from '../../../src/store/session.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'

const control = { cancel: () => {}, isCancelling: () => false }
const old = new Date(Date.now() - 2 * 86_400_000)

describe('what was left behind', () => {
  it('is found where its owner is dead, and never where it lives', async () => {
    await using folder = await temporaryFolder()
    const [temporary, sessions] = [join(folder.path, 'tmp'), join(folder.path, 'sessions')]
    const { pid: dead } = spawnSync('true')
    const names = [
      `drydock-status-${dead}-abcdef`,
      `drydock-npm-${process.pid}-abcdef`,
      'drydock-pack-abcdef',
      'dd-abcdef',
      'drydock-home-abcdef',
      'dd-of-somebody',
    ]
    for (const name of names) await mkdir(join(temporary, name), { recursive: true })
    await mkdir(join(temporary, `drydock-status-${dead}-young0`))
    const [rests, lives, never, starts] = ['rests0', 'lives0', 'never0', 'starts'].map(
      (end) => `20260102-030405-${end}`,
    )
    const resting = await createSession(sessions, sessionTask(rests ?? ''), 'drydock/test', { control })
    const living = await createSession(sessions, sessionTask(lives ?? ''), 'drydock/test', { control })
    for (const { folder: at } of [resting, living])
      await mkdir(join(at, 'repo.git/scratch-abcdef'), { recursive: true })
    await resting.release()
    for (const id of [never, starts]) await mkdir(join(sessions, id ?? ''))
    for (const name of names) await utimes(join(temporary, name), old, old)
    await utimes(join(sessions, never ?? ''), old, old)
    const found = await findLeftovers(sessions, temporary, Date.now())
    assert.deepEqual(
      found.map(({ path }) => basename(path)).sort(),
      [never, 'dd-abcdef', 'drydock-pack-abcdef', `drydock-status-${dead}-abcdef`, 'scratch-abcdef'].sort(),
    )
    assert.ok(found.some(({ path }) => path.includes(String(rests))))
    await living.release()
    await rm(folder.path, { recursive: true })
  })
})
