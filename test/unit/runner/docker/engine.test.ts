import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import Docker from 'dockerode'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { type EngineSearch, findEngine, limitCalls } from '../../../../src/runner/docker/engine.ts'
import { engineFault } from '../../../../src/runner/docker/lost.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

describe('engine discovery', () => {
  let home: string
  const servers: Server[] = []
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'dd-'))
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close()
    await rm(home, { recursive: true })
  })

  // Answers a ping as an engine does.
  const listen = async (at: string | number): Promise<Server> => {
    const server = createServer((_request, response) => response.end('OK'))
    servers.push(server)
    if (typeof at === 'string') await mkdir(dirname(at), { recursive: true })
    await new Promise<void>((resolve) => server.listen(at, resolve))
    return server
  }
  const search = (env: Record<string, string> = {}, more: Partial<EngineSearch> = {}): EngineSearch => ({
    env: { XDG_RUNTIME_DIR: join(home, 'run'), ...env },
    home,
    platform: 'linux',
    uid: 12345,
    ...more,
  })
  const addContext = async (name: string, host: string) => {
    const folder = join(home, '.docker/contexts/meta', createHash('sha256').update(name).digest('hex'))
    await mkdir(folder, { recursive: true })
    await writeFile(
      join(folder, 'meta.json'),
      JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
    )
  }
  const failsWith = (text: RegExp) => (error: unknown) =>
    error instanceof DrydockError &&
    error.failure.code === 'engine-not-found' &&
    text.test(error.failure.message)

  it('takes DOCKER_HOST and nothing else where it is set', async () => {
    const socket = join(home, 'own.sock')
    await listen(socket)
    const engine = await findEngine(search({ DOCKER_HOST: `unix://${socket}`, DOCKER_CONTEXT: 'other' }))
    assert.deepEqual([engine.source, engine.address], ['DOCKER_HOST', `unix://${socket}`])
    await assert.rejects(
      findEngine(search({ DOCKER_HOST: 'unix:///no/such' })),
      failsWith(/DOCKER_HOST unix:\/\/\/no\/such/),
    )
  })

  it('speaks TCP', async () => {
    const address = (await listen(0)).address()
    assert.ok(address && typeof address === 'object')
    const engine = await findEngine(search({ DOCKER_HOST: `tcp://127.0.0.1:${address.port}` }))
    assert.equal(engine.source, 'DOCKER_HOST')
  })

  it('takes the context of the environment, then of the configuration', async () => {
    const [one, two] = [join(home, 'one.sock'), join(home, 'two.sock')]
    await listen(one)
    await listen(two)
    await addContext('first', `unix://${one}`)
    await addContext('second', `unix://${two}`)
    await writeFile(join(home, '.docker/config.json'), JSON.stringify({ currentContext: 'first' }))
    assert.equal((await findEngine(search())).source, 'context first')
    assert.equal((await findEngine(search({ DOCKER_CONTEXT: 'second' }))).address, `unix://${two}`)
  })

  it('falls back to a rootless socket', async () => {
    const usual = '/var/run/docker.sock'
    await listen(join(home, 'run/docker.sock'))
    const { address } = await findEngine(search())
    assert.ok([`unix://${usual}`, `unix://${join(home, 'run/docker.sock')}`].includes(address))
  })

  it('counts every call', async () => {
    const socket = join(home, 'own.sock')
    await listen(socket)
    const calls: string[] = []
    const onDockerCall = (name: string) => void calls.push(name)
    const engine = await findEngine(search({ DOCKER_HOST: `unix://${socket}` }, { onDockerCall }))
    await engine.docker.ping()
    assert.deepEqual(calls, ['GET /_ping', 'GET /_ping'])
  })

  it('gives up a call that is never answered, and leaves one alone that streams', async () => {
    await using folder = await temporaryFolder()
    const socketPath = join(folder.path, 'docker.sock')
    const server = createServer((request, response) => {
      if (request.url?.includes('/attach')) setTimeout(() => response.end('late'), 300)
    })
    server.listen(socketPath)
    await once(server, 'listening')
    const docker = new Docker({ socketPath })
    limitCalls(docker, 50)
    try {
      const stuck = docker.getContainer('x').inspect()
      await assert.rejects(stuck, (error) => engineFault(error)?.failure.code === 'engine-lost')
      const stream = await docker.getContainer('x').attach({ stream: true, stdout: true })
      assert.equal(await text(stream), 'late')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
