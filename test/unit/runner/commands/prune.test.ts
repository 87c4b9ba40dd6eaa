import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { prune } from '../../../../src/runner/commands/prune.ts'
import { acquireLock } from '../../../../src/store/lock.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

const noEngine = { DOCKER_HOST: 'unix:///no/such/docker.sock' }

describe('drydock prune', () => {
  it('says for which session the caches stay, and does not call that nothing', async () => {
    await using home = await temporaryFolder()
    const id = '20261129-120000-abcdef'
    const folder = join(home.path, 'sessions', id)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'task.json'), '{}')
    await mkdir(join(home.path, 'cache'), { recursive: true })
    await writeFile(join(home.path, 'cache', 'packages'), 'kept')
    const lock = await acquireLock(folder, (socket) => void socket.destroy())
    try {
      const { context, said } = commandContext(home.path, noEngine)
      await prune(context, { caches: true })
      assert.match(said(), new RegExp(`The caches stay: session ${id} at work uses them`))
      assert.match(said(), /No engine answers: .*\nOn disk nothing else is left behind\./)
    } finally {
      await lock.release()
    }
    const { context, said } = commandContext(home.path, noEngine)
    await prune(context, { caches: true })
    assert.match(said(), /cache\/packages .*\n.*\nIt would free/)
  })
})
