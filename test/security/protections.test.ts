import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../src/contract/settings.ts'
import { assertedProtections, missingProtections } from '../../src/runner/docker/asserted.ts'
import { sessionsWithLeftovers } from '../../src/runner/docker/sweep.ts'
import { type Drydock, openDrydock } from '../support/drydock.ts'
import { startEngineProxy } from '../support/engine-proxy/proxy.ts'
import { fixtureRepository } from '../support/repository.ts'
import { testSandbox } from '../support/sandbox.ts'

const socket = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock'

/** What an engine may say of itself, and the protection that is then missing. */
const engines: Readonly<Record<string, (info: object) => object>> = {
  'seccomp filter': (info) => ({ ...info, SecurityOptions: ['name=apparmor'] }),
  'memory limit': (info) => ({ ...info, MemoryLimit: false }),
  'process limit': (info) => ({ ...info, PidsLimit: false }),
  'Linux containers': (info) => ({ ...info, OSType: 'windows' }),
}

interface Doctor {
  readonly ready: boolean
  readonly protections: readonly { readonly name: string; readonly state: string; readonly why?: string }[]
}

describe('protections that cannot be had', () => {
  let drydock: Drydock
  let folder: string
  before(async () => {
    drydock = await openDrydock()
    folder = await mkdtemp(join(tmpdir(), 'drydock-engine-'))
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  it('doctor lists each as on, weaker or off, with the reason, after a look into a container', async () => {
    await using box = await testSandbox()
    await box.sandbox.image({ kind: 'agent' }, () => {})
    const { child, ended } = drydock.start(['doctor', '--json'])
    const { code, stdout } = await ended
    const found = JSON.parse(stdout) as Doctor
    assert.deepEqual([code, found.ready], [0, true])
    const states = new Map(found.protections.map(({ name, state }) => [name, state]))
    assert.equal(states.size, found.protections.length, 'a protection is listed twice')
    for (const name of [...assertedProtections, 'workspace byte limit', 'workspace inode limit'])
      if (name !== 'chosen runtime') assert.equal(states.get(name), 'on', name)
    for (const { name, state, why } of found.protections) {
      assert.ok(['on', 'weaker', 'off'].includes(state), name)
      assert.equal(why === undefined, state === 'on', name)
    }
    const left = await sessionsWithLeftovers(box.engine.docker)
    assert.deepEqual(
      left.filter((id) => id.endsWith(`-${child.pid}`)),
      [],
    )
  })

  it('a run says before its first container what it has to do without', async () => {
    const short = (info: object) => ({ ...info, SwapLimit: false, SecurityOptions: ['name=seccomp'] })
    const proxy = await startEngineProxy(socket, join(folder, 'short.sock'), () => {}, short)
    try {
      await using repository = await fixtureRepository('clean-update')
      const args = ['update', 'ms', '--repo', repository.root, '--no-review']
      const view = await drydock.session(args, { DOCKER_HOST: proxy.dockerHost })
      const said = view.stages.find(({ name }) => name === 'preflight')?.detail ?? ''
      assert.match(said, /weaker: swap limit/)
      assert.match(said, /off: user namespace, mandatory access control/)
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    } finally {
      await proxy.close()
    }
  })

  for (const [name, asInfo] of Object.entries(engines)) {
    it(`without ${name} no run starts, and both doctor and the run say so`, async () => {
      const proxy = await startEngineProxy(
        socket,
        join(folder, `${name.replace(/ /g, '-')}.sock`),
        () => {},
        asInfo,
      )
      try {
        const env = { DOCKER_HOST: proxy.dockerHost }
        const doctor = await drydock.run(['doctor', '--json'], env)
        const { ready, protections } = JSON.parse(doctor.stdout) as Doctor
        assert.deepEqual([ready, protections.find((each) => each.name === name)?.state], [false, 'off'])
        assert.notEqual(doctor.code, 0)
        await using repository = await fixtureRepository('clean-update')
        const view = await drydock.session(['update', 'ms', '--repo', repository.root, '--no-review'], env)
        assert.deepEqual([view.outcome, view.failure?.code], ['setup-failed', 'protection-missing'])
        assert.match(view.reason ?? '', new RegExp(name))
        assert.deepEqual(
          proxy.calls.filter((call) => /create|start|build/.test(call)),
          [],
        )
      } finally {
        await proxy.close()
      }
    })
  }

  it('a runtime that the engine does not offer is refused by code, one that it offers is asserted', async () => {
    await using repository = await fixtureRepository('clean-update')
    const args = ['update', 'ms', '--repo', repository.root, '--no-review', '--runtime', 'no-such']
    const view = await drydock.session(args)
    assert.deepEqual([view.outcome, view.failure?.code], ['setup-failed', 'protection-missing'])
    assert.match(view.reason ?? '', /runtime no-such/)
    const doctor = await drydock.run(['doctor', '--json', '--runtime', 'no-such'])
    assert.equal((JSON.parse(doctor.stdout) as Doctor).ready, false)

    await using box = await testSandbox({ runtime: 'runc' })
    const image = await box.image()
    const container = await box.sandbox.start({ kind: 'project', image })
    const inspect = await box.engine.docker.getContainer(container.id).inspect()
    const limits = Settings.parse({ runtime: 'runc' })
    assert.deepEqual(missingProtections(inspect, limits, { swapLimit: false, dialect: 'docker' }), [])
    assert.deepEqual(
      missingProtections(inspect, { ...limits, runtime: 'runsc' }, { swapLimit: false, dialect: 'docker' }),
      ['chosen runtime'],
    )
  })
})
