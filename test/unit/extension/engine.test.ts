import assert from 'node:assert/strict'
import type { Examination } from '../../../src/contract/examination.ts'
import { failures } from '../../../src/contract/failures.ts'
import { engineLack } from '../../../src/extension/engine.ts'

const found: Examination = {
  ...{ ready: false, version: '0.1.0', node: 'v24.0.0', sessions: '/sessions', registries: 0, key: 'none' },
  protections: [],
}
const { failure } = failures.engineNotFound('socket unix:///run/docker.sock')

describe('what a session lacks of its engine', () => {
  it('is nothing where it is ready, and no guess where nobody could look', () => {
    assert.equal(engineLack({ ...found, ready: true }, 'linux'), undefined)
    assert.deepEqual(engineLack(undefined, 'linux')?.remedy, 'doctor')
  })

  for (const [platform, words] of [
    ['linux', 'On Linux install Docker Engine or Podman'],
    ['darwin', 'On macOS install Docker Desktop or Podman'],
    ['win32', 'On Windows install Docker Desktop with WSL 2, or Podman'],
    ['freebsd', 'On this system install Docker or Podman'],
  ] as const) {
    it(`is what to install, on ${platform}`, () => {
      const lack = engineLack({ ...found, engineFailure: failure }, platform)
      assert.equal(lack?.remedy, 'installEngine')
      assert.ok(lack.next.includes(words), lack.next)
      assert.doesNotMatch(lack.next, /DOCKER_HOST|npm run/)
    })
  }

  it('is what the place asks for, where it runs inside of something', () => {
    const place = { name: 'a container', advice: 'Mount the socket of an engine into this container.' }
    const { failure: inside } = failures.engineNotFound('none', place)
    const lack = engineLack(
      { ...found, engineFailure: inside, place: { name: place.name, engine: 'a mounted one' } },
      'linux',
    )
    assert.match(lack?.next ?? '', /Mount the socket/)
  })

  it('is what it cannot do where it answers: nothing to install', () => {
    const off = { name: 'memory limit', state: 'off' as const, essential: true }
    const engine = { address: 'unix:///run/docker.sock', source: 'socket' }
    const lack = engineLack({ ...found, engine, protections: [off] }, 'linux')
    assert.equal(lack?.remedy, 'doctor')
    assert.match(lack.what, /memory limit/)
  })
})
