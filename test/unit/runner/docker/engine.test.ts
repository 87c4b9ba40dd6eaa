import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import Docker from 'dockerode'
import { DrydockError } from '../../../../src/contract/failure.ts'
import type { EngineSearch } from '../../../../src/runner/docker/context.ts'
import { findEngine, limitCalls } from '../../../../src/runner/docker/engine.ts'
import { engineFault } from '../../../../src/runner/docker/lost.ts'
import { placeOf } from '../../../../src/runner/docker/place.ts'
import { usualSockets } from '../../../../src/runner/docker/sockets.ts'
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

  const wrong: Readonly<Record<string, Record<string, string>>> = {
    DOCKER_HOST: { DOCKER_HOST: 'unix:///no/such' },
    'DOCKER_HOST ': { DOCKER_HOST: 'http://:x:y' },
    CONTAINER_HOST: { CONTAINER_HOST: 'unix:///no/such' },
    DOCKER_CONTEXT: { DOCKER_CONTEXT: 'far' },
  }
  for (const [cause, env] of Object.entries(wrong))
    it(`names what is wrong where one engine is named that does not answer: ${JSON.stringify(env)}`, async () => {
      await addContext('far', 'unix:///no/such')
      // Wherever this runs: in a container the advice is another one where nothing is named.
      const inContainer = { REMOTE_CONTAINERS: 'true' }
      await assert.rejects(findEngine(search({ ...env, ...inContainer })), (error: unknown) => {
        assert.ok(error instanceof DrydockError)
        assert.match(error.failure.next, new RegExp(`correct ${cause.trim()}, or unset it`))
        return true
      })
    })

  it('says what is no address', async () => {
    await assert.rejects(
      findEngine(search({ DOCKER_HOST: 'http://:x:y' })),
      failsWith(/http:\/\/:x:y, which is no address/),
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

  const usual: Readonly<Record<string, string>> = {
    '.docker/run/docker.sock': 'Docker Desktop',
    '.config/colima/default/docker.sock': 'Colima',
    '.orbstack/run/docker.sock': 'OrbStack',
    '.rd/docker.sock': 'Rancher Desktop',
    '.lima/work/sock/podman.sock': 'Lima work',
    'run/podman/podman.sock': 'rootless Podman',
    '.local/share/containers/podman/machine/qemu/podman.sock': 'Podman machine',
    'tmp/podman/podman-machine-default-api.sock': 'Podman machine',
  }
  for (const [path, source] of Object.entries(usual)) {
    it(`looks where ${source} listens: ${path}`, async () => {
      await listen(join(home, path))
      const places = await usualSockets(search({ TMPDIR: join(home, 'tmp') }))
      const here = places.filter(({ endpoint }) => endpoint.host.startsWith(`unix://${home}`))
      assert.deepEqual(
        here.map((one) => [one.source, one.endpoint.host]),
        [[source, `unix://${join(home, path)}`]],
      )
    })
  }

  it('knows the pipes of Windows', async () => {
    const hosts = (await usualSockets(search({}, { platform: 'win32' }))).map(({ endpoint }) => endpoint.host)
    assert.ok(hosts.includes('npipe:////./pipe/docker_engine'))
    assert.ok(hosts.includes('npipe:////./pipe/podman-machine-default'))
  })

  it('takes Podman’s own variable, and the connection that Podman would take', async () => {
    const [one, two] = [join(home, 'one.sock'), join(home, 'two.sock')]
    await listen(one)
    await listen(two)
    const engine = await findEngine(search({ CONTAINER_HOST: `unix://${one}` }))
    assert.deepEqual([engine.source, engine.address], ['CONTAINER_HOST', `unix://${one}`])
    const connections = (more: object) =>
      writeFile(
        join(home, '.config/containers/podman-connections.json'),
        JSON.stringify({
          Connection: { Default: 'w', Connections: { w: { URI: `unix://${two}`, ...more } } },
        }),
      )
    await mkdir(join(home, '.config/containers'), { recursive: true })
    await connections({})
    const last = (await usualSockets(search())).at(-1)
    assert.deepEqual([last?.source, last?.endpoint.host], ['Podman connection w', `unix://${two}`])
    await connections({ IsMachine: true })
    assert.notEqual((await usualSockets(search())).at(-1)?.source, 'Podman connection w')
  })

  it('says where it looked from, and what can be reached there', async () => {
    const next = async (env: Record<string, string>) => {
      const error: unknown = await findEngine(search({ DOCKER_HOST: 'unix:///no/such', ...env })).catch(
        (e) => e,
      )
      assert.ok(error instanceof DrydockError)
      return `${error.failure.message} ${error.failure.next}`
    }
    assert.match(await next({ REMOTE_CONTAINERS: 'true' }), /in a dev container .*docker-outside-of-docker/)
    assert.match(await next({ CODESPACES: 'true' }), /in a codespace .*docker-in-docker/)
    assert.match(await next({ WSL_DISTRO_NAME: 'Debian' }), /in WSL \(Debian\) .*WSL integration/)
    const bare = { env: { SSH_CONNECTION: '1 2 3 4' }, platform: 'linux' as const, exists: async () => false }
    assert.equal((await placeOf(bare))?.name, 'a machine reached by SSH')
    assert.equal((await placeOf({ ...bare, exists: async () => true }))?.name, 'a container')
    assert.equal(await placeOf({ ...bare, env: {} }), undefined)
  })

  it('goes through ssh to the Docker or the Podman there, and to the socket that is named', async () => {
    const socket = join(home, 'far.sock')
    await listen(socket)
    const bin = join(home, 'bin')
    await mkdir(bin)
    const program = async (name: string, text: string) => {
      await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    }
    const pipe = `const s = require('node:net').connect('${socket}'); process.stdin.pipe(s); s.pipe(process.stdout)`
    // The other machine's shell, and its Podman; it has no Docker.
    await program('ssh', 'while [ "$1" != "--" ]; do shift; done; shift 2; PATH="$FAR" exec sh -c "$*"')
    await program('podman', `echo "$@" > "${home}/said"; exec "${process.execPath}" -e "${pipe}"`)
    await symlink('/bin/sh', join(bin, 'sh'))
    const { PATH } = process.env
    Object.assign(process.env, { PATH: `${bin}:${PATH}`, FAR: bin })
    try {
      const engine = await findEngine(
        search({ DOCKER_HOST: 'ssh://me@far.example.com/run/podman/podman.sock' }),
      )
      assert.equal(engine.address, 'ssh://me@far.example.com/run/podman/podman.sock')
      engine.close()
      const said = await readFile(join(home, 'said'), 'utf8')
      assert.equal(said, '--url unix:///run/podman/podman.sock system dial-stdio\n')
    } finally {
      Object.assign(process.env, { PATH })
      delete process.env.FAR
    }
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
