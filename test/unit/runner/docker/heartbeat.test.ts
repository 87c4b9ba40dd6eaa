import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Docker from 'dockerode'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { watchEngine } from '../../../../src/runner/docker/heartbeat.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

/** A busy machine answers within it; what is counted is questions, not time. */
const everyMs = 250

describe('the heartbeat of an engine', () => {
  it('outlasts answers that are late or missing, and tells once of an engine that hangs', async () => {
    await using folder = await temporaryFolder()
    const socketPath = join(folder.path, 'docker.sock')
    const asked: number[] = []
    // The second and third question get no answer, the fourth one does, and none after it.
    const server = createServer((_, response) => {
      asked.push(asked.length)
      if ([1, 4].includes(asked.length)) response.end('OK')
    })
    server.listen(socketPath)
    await once(server, 'listening')
    const told: unknown[] = []
    {
      using _watch = watchEngine(new Docker({ socketPath }), (failure) => told.push(failure), {
        everyMs,
        missed: 3,
      })
      while (told.length === 0) await delay(10)
      // Two more beats of silence, which nobody hears of.
      await delay(2 * everyMs)
    }
    server.closeAllConnections()
    server.close()
    assert.equal(told.length, 1)
    assert.ok(told[0] instanceof DrydockError && told[0].failure.code === 'engine-lost')
    assert.equal(asked.length, 7, 'one, two missed, one, three missed')
  }).timeout(60_000)
})
