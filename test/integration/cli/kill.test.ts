import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy, readSessionJson, scriptOf } from '../../support/drydock.ts'
import { type EngineProxy, startEngineProxy } from '../../support/engine-proxy/proxy.ts'
import { engineSocket, leftovers } from '../../support/leftovers.ts'
import { startModel } from '../../support/model/start.ts'
import { fixtureRepository, folderDigest, type TestRepository } from '../../support/repository.ts'

/** How many calls lie between two kills; 1 kills at each one in turn. */
const stride = Number(process.env.DRYDOCK_KILL_STRIDE ?? 0)
const most = 6
/** The first call to kill at. */
const from = Number(process.env.DRYDOCK_KILL_FROM ?? 1)

describe('a runner that is killed', function () {
  this.timeout(7_200_000)
  let drydock: Drydock
  let repository: TestRepository
  let folder: string
  before(async () => {
    drydock = await openDrydock()
    repository = await fixtureRepository('breaking-update')
    folder = await mkdtemp(join(tmpdir(), 'drydock-proxy-'))
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await repository[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  /** Runs the update, killing the runner at its nth call to the engine; returns the calls it made. */
  async function killedAt(at: number): Promise<readonly string[]> {
    await using model = await startModel(scriptOf('breaking-update'))
    let kill = (): void => {}
    const proxy: EngineProxy = await startEngineProxy(engineSocket, join(folder, `${at}.sock`), (index) => {
      if (index === at) kill()
    })
    const { child, ended } = drydock.start(
      ['update', 'uuid@9', '--repo', repository.root, '--no-review', '--json'],
      {
        ...playedBy(model),
        DOCKER_HOST: proxy.dockerHost,
      },
    )
    kill = () => child.kill('SIGKILL')
    await ended
    await proxy.close()
    return proxy.calls
  }

  it('is told "interrupted" and where, and leaves nothing behind, at whichever call it dies', async () => {
    const total = (await killedAt(Number.POSITIVE_INFINITY)).length
    assert.ok(total > 20, `${total} calls`)
    const step = stride > 0 ? stride : Math.ceil(total / most)
    const before = await folderDigest(repository.root)
    for (let at = from; at <= total; at += step) {
      const calls = await killedAt(at)
      const listed = await drydock.run(['sessions', '--json'])
      const [newest] = JSON.parse(listed.stdout) as unknown[]
      const { data: view } = readSessionJson(newest)
      assert.ok(view, listed.stdout)
      const died = `killed at call ${at} of ${total}, ${calls.at(-1)}`
      if (view.outcome === 'awaiting-review') continue // fewer calls than the first time: it was over already
      assert.equal(
        view.outcome,
        'interrupted',
        `${died}: ${view.outcome}, ${view.failure?.message} ${view.failure?.detail}`,
      )
      assert.match(
        view.reason ?? '',
        / ended (in|after) (queue|preflight|package|update|prepare|verify|repair|judge)\b/,
        died,
      )
      assert.ok(
        view.stages.every(({ status }) => status !== 'running'),
        died,
      )
      assert.deepEqual(await leftovers(view.id), [], died)
      assert.equal(await folderDigest(repository.root), before, died)
    }
  })
})
