import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Engine } from '../../../src/runner/docker/engine.ts'
import { sessionsWithLeftovers, sweep } from '../../../src/runner/docker/sweep.ts'
import { evict } from '../../../src/runner/docker/volumes.ts'
import { testEngine, testSandbox, testSessionId } from '../../support/sandbox.ts'

describe('sweep', () => {
  let engine: Engine
  const key = randomUUID()
  before(async () => {
    engine = await testEngine()
    await using box = await testSandbox()
    await box.image()
  })
  after(async () => {
    await evict(engine.docker, 0, (found) => found.startsWith(key))
    engine.close()
  })

  const leftovers = async (sessionId: string) => {
    const filters = { label: [`drydock.session=${sessionId}`] }
    const containers = await engine.docker.listContainers({ all: true, filters })
    const { Volumes } = await engine.docker.listVolumes({ filters: JSON.stringify(filters) })
    return { containers: containers.map(({ Id }) => Id), volumes: (Volumes ?? []).map(({ Name }) => Name) }
  }
  const hold = (sessionId: string, sealKey: string, killAt = '') =>
    spawn(
      process.execPath,
      [join(import.meta.dirname, '../../support/holdSession.ts'), sessionId, sealKey, killAt],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
  const sealedOf = async (sealKey: string) => {
    const filters = JSON.stringify({ label: [`drydock.key=${sealKey}`] })
    const { Volumes } = await engine.docker.listVolumes({ filters })
    return Volumes?.[0]?.Labels?.['drydock.volume']
  }

  // The engine may finish a dead client's last call late: then the start after finds it.
  const sweptAtNextStart = async (sessionId: string, sealKey: string) => {
    for (let start = 1; ; start++) {
      assert.deepEqual(await sweep(engine.docker, sessionId), [])
      await engine.docker.info()
      const sealed = await sealedOf(sealKey)
      const { containers, volumes } = await leftovers(sessionId)
      const left = { containers, volumes: volumes.filter((name) => name !== sealed) }
      if (start === 5 || containers.length + left.volumes.length === 0) return left
    }
  }

  it('removes everything of a killed session but what it sealed', async () => {
    const sessionId = testSessionId()
    const child = hold(sessionId, `${key}-held`)
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    assert.ok((await leftovers(sessionId)).containers.length > 0)
    assert.ok((await sessionsWithLeftovers(engine.docker)).includes(sessionId))
    assert.deepEqual(await sweep(engine.docker, sessionId), [])
    const sealed = await sealedOf(`${key}-held`)
    assert.ok(sealed)
    assert.deepEqual(await leftovers(sessionId), { containers: [], volumes: [sealed] })
    assert.ok(!(await sessionsWithLeftovers(engine.docker)).includes(sessionId))
    assert.deepEqual(await sweep(engine.docker, sessionId), [])
  })

  it('leaves other sessions alone', async () => {
    await using other = await testSandbox()
    const image = await other.image()
    const container = await other.sandbox.start({ kind: 'project', image })
    await sweep(engine.docker, testSessionId())
    const { exitCode } = await container.exec(['true'], { timeoutMs: 10_000, maxOutputBytes: 100 })
    assert.equal(exitCode, 0)
  })

  it('cleans up after a kill at any call to the engine', async function () {
    this.timeout(300_000)
    const counted = testSessionId()
    const first = hold(counted, `${key}-count`)
    const [printed] = await once(first.stdout, 'data')
    first.kill('SIGKILL')
    await once(first, 'close')
    await sweep(engine.docker, counted)
    const total = Number(String(printed))
    assert.ok(total > 20)
    for (let call = 1; call <= total; call += 3) {
      const sessionId = testSessionId()
      const child = hold(sessionId, `${key}-${call}`, String(call))
      const [, signal] = await once(child, 'close')
      assert.equal(signal, 'SIGKILL', `call ${call}`)
      const left = await sweptAtNextStart(sessionId, `${key}-${call}`)
      assert.deepEqual(left, { containers: [], volumes: [] }, `call ${call}`)
    }
  })
})
