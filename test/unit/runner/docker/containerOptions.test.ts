import assert from 'node:assert/strict'
import type Docker from 'dockerode'
import { Settings } from '../../../../src/contract/settings.ts'
import type { EngineAbilities } from '../../../../src/runner/docker/abilities.ts'
import { missingProtections } from '../../../../src/runner/docker/asserted.ts'
import { containerOptions } from '../../../../src/runner/docker/containerOptions.ts'
import { seccompProfile } from '../../../../src/runner/docker/seccomp.ts'

const ABILITIES: EngineAbilities = { swapLimit: true, dialect: 'docker' }
const LIMITS = Settings.parse({})
const REQUEST = {
  name: 'n',
  sessionId: 's',
  image: 'i',
  command: ['true'],
  env: {},
  cwd: '/workspace',
  mounts: [],
  stdin: false,
}

// What an engine would answer to the request, with something changed.
function inspected(host: object = {}, rest: object = {}): Docker.ContainerInspectInfo {
  const { HostConfig, User, Labels } = containerOptions(REQUEST, LIMITS, ABILITIES)
  const info = { HostConfig: { ...HostConfig, ...host }, Config: { User, Labels }, Mounts: [], ...rest }
  return info as unknown as Docker.ContainerInspectInfo
}

describe('container protections', () => {
  const missing = (info: Docker.ContainerInspectInfo, swapLimit = true) =>
    missingProtections(info, LIMITS, { ...ABILITIES, swapLimit })

  it('are all there in what is asked for', () => {
    assert.deepEqual(missing(inspected()), [])
  })

  const broken: Record<string, object> = {
    'read-only root': { ReadonlyRootfs: false },
    'no network': { NetworkMode: 'bridge' },
    'no capabilities': { CapDrop: [] },
    'no new privileges': { SecurityOpt: [`seccomp=${seccompProfile}`] },
    'seccomp filter': { SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] },
    'seccomp filter ': { SecurityOpt: ['no-new-privileges:true'] },
    'not privileged': { Privileged: true },
    'process limit': { PidsLimit: 0 },
    'memory limit': { Memory: 0, MemorySwap: 0 },
    'swap limit': { MemorySwap: -1 },
    'CPU limit': { NanoCpus: 0 },
    'no host log': { LogConfig: { Type: 'json-file' } },
    'no host namespaces': { PidMode: 'host' },
    'no devices': { Devices: [{ PathOnHost: '/dev/kvm' }] },
    'no host paths': { Binds: ['/:/host'] },
    'no published ports': { PortBindings: { '80/tcp': [{}] } },
  }
  for (const [name, host] of Object.entries(broken)) {
    it(`are missed: ${name}`, () => assert.deepEqual(missing(inspected(host)), [name.trim()]))
  }

  it('are missed: user, label, bind mount', () => {
    const rest = { Config: { User: '', Labels: {} }, Mounts: [{ Type: 'bind' }] }
    assert.deepEqual(missing(inspected({}, rest)), ['unprivileged user', 'no host paths', 'session label'])
  })

  it('do not ask for a swap limit that the kernel cannot give', () => {
    assert.deepEqual(missing(inspected({ MemorySwap: -1 }), false), [])
  })
})
