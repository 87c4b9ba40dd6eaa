import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readEvents } from '../../../src/store/read.ts'
import { listSessions } from '../../../src/store/session.ts'
import { deferred } from '../../support/deferred.ts'
import { type Drydock, type Ended, openDrydock } from '../../support/drydock.ts'
import { leftovers } from '../../support/leftovers.ts'
import { fixtureRepository, folderDigest, type TestRepository } from '../../support/repository.ts'

describe('cancelling', () => {
  let drydock: Drydock
  let repository: TestRepository
  beforeEach(async () => {
    drydock = await openDrydock()
    repository = await fixtureRepository('clean-update')
  })
  afterEach(async () => {
    await drydock[Symbol.asyncDispose]()
    await repository[Symbol.asyncDispose]()
  })

  /**
   * Starts an update and waits until it prints a line that matches. Every line is looked at: of two that arrive in one
   * chunk, `once(lines, 'line')` sees the first alone, and a test that waits for the second waits for ever.
   */
  async function startedUntil(line: RegExp) {
    const started = drydock.start(['update', 'ms', '--repo', repository.root, '--no-review'])
    const lines = createInterface({ input: started.child.stdout ?? process.stdin })
    const seen: string[] = []
    const { promise, resolve, reject } = deferred<typeof started>()
    lines.on('line', (text) => {
      seen.push(text)
      if (line.test(text)) resolve(started)
    })
    lines.once('close', () => reject(new Error(`It ended without ${line}:\n${seen.join('\n')}`)))
    return await promise
  }

  async function endedCancelled({ code, stdout }: Ended, before: string): Promise<void> {
    assert.equal(code, 130, stdout)
    const [id] = await listSessions(join(drydock.home, 'sessions'))
    assert.ok(id)
    const events = await readEvents(join(drydock.home, 'sessions', id))
    const last = events.at(-1)
    assert.ok(last?.type === 'session.finished' && last.outcome === 'cancelled', JSON.stringify(last))
    assert.deepEqual(await leftovers(id), [])
    assert.equal(await folderDigest(repository.root), before)
  }

  it('by Ctrl-C ends cleanly, with nothing left behind', async () => {
    const before = await folderDigest(repository.root)
    const { child, ended } = await startedUntil(/… Install/)
    child.kill('SIGINT')
    await endedCancelled(await ended, before)
  })

  it('while the engine hangs, too', async () => {
    const socket = join(drydock.home, 'docker.sock')
    const { promise: asked, resolve } = deferred<void>()
    const engine = createServer(({ url }, response) => {
      if (url?.endsWith('/_ping')) response.end('OK')
      else resolve()
    })
    engine.listen(socket)
    await once(engine, 'listening')
    const args = ['update', 'ms', '--repo', repository.root, '--no-review']
    const { child, ended } = drydock.start(args, { DOCKER_HOST: `unix://${socket}` })
    await Promise.race([asked, ended])
    child.kill('SIGINT')
    await endedCancelled(await ended, await folderDigest(repository.root))
    engine.closeAllConnections()
    engine.close()
  })

  it('by `drydock cancel` from another terminal, too', async () => {
    const before = await folderDigest(repository.root)
    const { ended } = await startedUntil(/… Build, test, lint/)
    const [id] = await listSessions(join(drydock.home, 'sessions'))
    const asked = await drydock.run(['cancel', String(id)])
    assert.match(asked.stdout, /is being cancelled/)
    await endedCancelled(await ended, before)
    const again = await drydock.run(['cancel', String(id)])
    assert.match(again.stdout, /is not running: there is nothing to cancel/)
  })
})
