import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Image } from '../../../src/runner/docker/sandbox.ts'
import { type EngineProxy, startEngineProxy } from '../../support/engine-proxy/proxy.ts'
import { engineSocket } from '../../support/leftovers.ts'
import { type TestSandbox, testEngine, testSandbox } from '../../support/sandbox.ts'

describe('an engine at the end of a network', () => {
  const stack = new AsyncDisposableStack()
  let proxy: EngineProxy
  let box: TestSandbox
  let image: Image
  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-cut-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    proxy = await startEngineProxy(engineSocket, join(folder, 'engine.sock'), () => {})
    stack.defer(() => proxy.close())
    box = stack.use(await testSandbox({}, await testEngine(undefined, proxy.dockerHost)))
    image = await box.image()
  })
  after(() => stack.disposeAsync())

  const started = (script: string) =>
    box.sandbox.start({ kind: 'agent', image, command: ['/bin/sh', '-c', script] })

  it('gives a container no input but what is sent to it', async () => {
    for (let time = 0; time < 5; time += 1) {
      const container = await started('head -c 4')
      container.stdin.end('sent')
      const [chunk] = (await once(container.stdout, 'data')) as [Buffer]
      assert.equal(chunk.toString(), 'sent')
      assert.equal((await container.exited).exitCode, 0)
    }
  })

  it('hides no exit code where the connection breaks off that waits for it', async () => {
    const container = await started('echo ready; read -r code; exit "$code"')
    await once(container.stdout, 'data')
    assert.equal(proxy.cut(/\/containers\/\w+\/wait$/), 1)
    container.stdin.end('7\n')
    assert.equal((await container.exited).exitCode, 7)
  })
})
