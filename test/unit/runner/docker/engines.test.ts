import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import type Docker from 'dockerode'
import { Settings } from '../../../../src/contract/settings.ts'
import { abilitiesOf } from '../../../../src/runner/docker/abilities.ts'
import { missingProtections } from '../../../../src/runner/docker/asserted.ts'
import type { Confinement } from '../../../../src/runner/docker/confinement.ts'
import { containerOptions, ownFilter } from '../../../../src/runner/docker/containerOptions.ts'
import { findEngine } from '../../../../src/runner/docker/engine.ts'
import type { EngineFacts } from '../../../../src/runner/docker/facts.ts'
import { preflight } from '../../../../src/runner/docker/preflight.ts'
import { readView } from '../../../../src/runner/docker/probe.ts'
import { missingEssentials, type Protection } from '../../../../src/runner/docker/protection.ts'
import { seenProtections } from '../../../../src/runner/docker/seen.ts'
import { memoryOptions } from '../../../../src/runner/docker/workspaces.ts'

import { temporaryFolder } from '../../../support/madeRepository.ts'

/** What `test/engines/record.ts` wrote down of a real engine. */
interface Recorded {
  readonly facts: EngineFacts
  readonly container: Docker.ContainerInspectInfo
  readonly inside: string
  readonly beside: string
}

const folder = resolve(import.meta.dirname, '../../../fixtures/engines')
const names = readdirSync(folder).map((file) => file.replace('.json', ''))
const limits = Settings.parse({})

function recorded(name: string): Recorded {
  const text = readFileSync(join(folder, `${name}.json`), 'utf8')
  return JSON.parse(text.replaceAll('"seccomp=own"', () => JSON.stringify(ownFilter))) as Recorded
}

/** What the preflight finds of an engine that answers as another one did, some of it made other than it was. */
async function found(
  { facts }: Recorded,
  info: Partial<EngineFacts['info']> = {},
  controllers = facts.controllers,
  wanted: Parameters<typeof preflight>[1] = limits,
  confinement?: Confinement,
): Promise<readonly Protection[]> {
  await using home = await temporaryFolder()
  const answers: Readonly<Record<string, unknown>> = {
    '/info': { ...facts.info, ...info },
    '/version': facts.version,
    '/v4.0.0/libpod/info': { host: { cgroupControllers: controllers, ociRuntime: { name: facts.runtime } } },
    '/_ping': 'OK',
  }
  const server = createServer(({ url = '' }, response) => {
    response.writeHead(url in answers ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answers[url]))
  })
  const socket = join(home.path, 'engine.sock')
  await once(server.listen(socket), 'listening')
  const search = { env: { DOCKER_HOST: `unix://${socket}` }, home: home.path, platform: 'linux' as const }
  const engine = await findEngine(search)
  try {
    return await preflight(engine, wanted, confinement)
  } finally {
    engine.close()
    server.closeAllConnections()
    server.close()
  }
}

const essentials = (protections: readonly Protection[]) =>
  missingEssentials(protections).map(({ name, why }) => `${name}: ${why}`)
const stateOf = (protections: readonly Protection[], name: string) =>
  protections.find((one) => one.name === name)?.state

describe('engines as they were recorded', () => {
  for (const name of names) {
    it(`${name} gives what is asserted, by its own word and seen from inside`, async () => {
      const one = recorded(name)
      assert.deepEqual(missingProtections(one.container, limits, abilitiesOf(one.facts)), [])
      const inside = readView(one.inside, one.beside)
      assert.deepEqual(
        essentials(
          await found(one, {}, one.facts.controllers, limits, { state: 'seen', inside, ownFilter: true }),
        ),
        [],
      )
      assert.ok(inside.mounts.length > 20)
    })
  }

  it('are asked for what each of them knows', () => {
    const request = {
      ...{
        name: 'n',
        sessionId: 's',
        image: 'i',
        command: ['true'],
        env: {},
        cwd: '/',
        mounts: [],
        stdin: false,
      },
    }
    const tmpfs = (dialect: 'docker' | 'podman') =>
      containerOptions(request, limits, { swapLimit: true, dialect }).HostConfig?.Tmpfs as Record<
        string,
        string
      >
    assert.match(tmpfs('docker')['/tmp'] ?? '', /nr_inodes=100000/)
    assert.doesNotMatch(JSON.stringify(tmpfs('podman')), /nr_inodes/)
    assert.match(tmpfs('podman')['/run'] ?? '', /size=64k,mode=0555/)
    assert.match(tmpfs('podman')['/var/tmp'] ?? '', /^ro,.*mode=0555/)
  })

  it('get the size of a memory mount in pages, of whatever size', () => {
    const of = (pageBytes: number) => memoryOptions({ ...limits, workspaceMb: 64 }, pageBytes, '0755').o
    assert.match(of(4096) ?? '', /^nr_blocks=16384,nr_inodes=400000,/)
    assert.match(of(65536) ?? '', /^nr_blocks=1024,/)
  })
})

describe('Podman’s words', () => {
  const podman = recorded('podman-4.3')
  const missing = (host: object, rest: object = {}) =>
    missingProtections(
      { ...podman.container, ...rest, HostConfig: { ...podman.container.HostConfig, ...host } },
      limits,
      abilitiesOf(podman.facts),
    )

  it('hide no path of the machine among the named volumes', () => {
    assert.deepEqual(missing({ Binds: ['/etc:/hold:rw'] }), ['no host paths'])
    assert.deepEqual(missing({ Binds: ['another:/hold:rw'] }), ['no host paths'])
  })

  it('name no namespace of the machine or of another container', () => {
    for (const IpcMode of ['host', 'container:abc'])
      assert.deepEqual(missing({ IpcMode }), ['no host namespaces'])
    assert.deepEqual(missing({ PidMode: 'ns:/proc/1/ns/pid' }), ['no host namespaces'])
  })

  it('name every capability that was dropped, and none that was added', () => {
    assert.deepEqual(missing({ CapDrop: [] }), ['no capabilities'])
    assert.deepEqual(missing({ CapAdd: ['SYS_ADMIN'] }), ['no capabilities'])
  })

  it('are not taken for the runtime that was asked for', async () => {
    const wanted = { ...limits, runtime: 'runsc' }
    assert.deepEqual(missingProtections(podman.container, wanted, abilitiesOf(podman.facts)), [
      'chosen runtime',
    ])
    const told = essentials(await found(podman, {}, podman.facts.controllers, wanted))
    assert.match(told.join(), /runtime runsc: Podman starts its containers with runc: set `runtime`/)
  })
})

describe('a confinement seen from inside', () => {
  const one = recorded('podman-4.3')
  const seen = (change: (text: string) => string, beside = one.beside) =>
    seenProtections(readView(change(one.inside), beside), limits)

  it('has no capability in any of its sets', () => {
    const left = (text: string) => text.replace(/CapBnd=0+/, 'CapBnd=00000000800405fb')
    assert.match(essentials(seen(left)).join(), /no capabilities/)
  })

  it('has control groups that it cannot write', () => {
    const writable = (text: string) => text.replace(/(\/sys\/fs\/cgroup\/pids) ro,/, '$1 rw,')
    assert.match(essentials(seen(writable)).join(), /read-only control groups: .*runtime = "runc"/)
  })

  it('shows nothing of the machine, such as secrets that Podman mounts by its configuration', () => {
    const line = 'mount=900 800 0:77 /its/own/secrets /run/secrets ro,nosuid - tmpfs\n'
    assert.match(essentials(seen((text) => line + text)).join(), /no host paths: .*\/run\/secrets/)
  })

  it('shares no namespace with another one, and none of the machine’s first', () => {
    const pid = /namespace=pid:\[\d+\]/.exec(one.inside)?.[0] ?? ''
    const same = one.beside.replace(/namespace=pid:\[\d+\]/, pid)
    assert.match(essentials(seen((text) => text, same)).join(), /no host namespaces: .*pid/)
    const first = (text: string) => text.replace(/namespace=ipc:\[\d+\]/, 'namespace=ipc:[4026531839]')
    assert.match(essentials(seen(first)).join(), /no host namespaces: .*ipc/)
    assert.match(essentials(seen((text) => text, '')).join(), /no host namespaces/)
  })

  it('is confined where the kernel has labels, and that is seen', () => {
    const labelled = (label: string) => (text: string) => text.replace(/^label=.*$/m, `label=${label}`)
    const name = 'mandatory access control'
    assert.equal(stateOf(seen(labelled('containers-default-0.57 (enforce)')), name), 'on')
    assert.equal(stateOf(seen(labelled('system_u:system_r:container_t:s0:c1,c2')), name), 'on')
    for (const label of ['unconfined', 'unconfined_u:unconfined_r:spc_t:s0'])
      assert.equal(stateOf(seen(labelled(label)), name), 'off', label)
  })
})

describe('what a rootless engine cannot limit', () => {
  const podman = recorded('podman-4.3')
  const told = async (info: Partial<EngineFacts['info']>, controllers?: readonly string[]) =>
    essentials(await found(podman, { Rootless: true, ...info }, controllers)).join('\n')

  it('is said with the reason: version 1 of control groups, or a controller that nobody delegated', async () => {
    assert.match(
      await told({ CgroupVersion: '1' }),
      /memory limit: rootless needs cgroup v2.*\nprocess limit: rootless/,
    )
    const half = await told({ CgroupVersion: '2' }, ['cpu', 'pids'])
    assert.match(half, /^memory limit: the memory controller is not delegated .*Delegate=/)
    assert.doesNotMatch(half, /process limit/)
    const all = { Rootless: true, CgroupVersion: '2', CpuCfsQuota: false }
    const whole = await found(podman, all, ['cpu', 'memory', 'pids'])
    assert.deepEqual(essentials(whole), [])
    assert.equal(stateOf(whole, 'CPU limit'), 'on')
  })
})

describe('versions of engines', () => {
  const docker = recorded('docker-20.10')
  const state = async (Version: string) => {
    const facts = { ...docker.facts, version: { ...docker.facts.version, Version } }
    return stateOf(await found({ ...docker, facts }), 'supported version')
  }

  it('are taken for supported where Drydock was tried on them, and not beyond', async () => {
    const told = await Promise.all(
      ['20.10.24+dfsg1', '23.0.1', '24.0.0', '26.1.5', '29.9.1', '30.0.0', 'dev'].map(state),
    )
    assert.deepEqual(told, ['weaker', 'weaker', 'on', 'on', 'on', 'weaker', 'weaker'])
  })

  it('are Podman’s own', async () => {
    const podman = await found(recorded('podman-4.3'))
    assert.equal(stateOf(podman, 'supported version'), 'on')
  })
})
