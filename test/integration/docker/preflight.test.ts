import assert from 'node:assert/strict'
import { DrydockError } from '../../../src/contract/failure.ts'
import { Settings } from '../../../src/contract/settings.ts'
import { preflight } from '../../../src/runner/docker/preflight.ts'
import { probeInside } from '../../../src/runner/docker/probe.ts'
import { requireProtections } from '../../../src/runner/docker/protection.ts'
import { testSandbox } from '../../support/sandbox.ts'

describe('preflight', () => {
  it('finds every essential protection on, from outside and from inside', async () => {
    await using box = await testSandbox()
    const inside = await probeInside(box.sandbox, await box.image())
    const { mounts, confined, tmpInodes, sharedNamespaces, ...rest } = inside
    assert.ok(mounts.some(({ point, writable }) => point === '/' && !writable))
    assert.notEqual(confined, false)
    if (box.abilities.dialect === 'docker') {
      assert.deepEqual([tmpInodes, sharedNamespaces], [100_000, []])
    }
    assert.deepEqual(rest, {
      noNewPrivileges: true,
      noCapabilities: true,
      seccomp: true,
      unprivilegedUser: true,
      interfaces: ['lo'],
      writable: ['/tmp', '/workspace'],
      workspaceBytes: 2048 * 1024 * 1024,
      workspaceInodes: 400_000,
    })
    const protections = await preflight(box.engine, Settings.parse({}), {
      state: 'seen',
      inside,
      ownFilter: true,
    })
    requireProtections(protections)
    assert.deepEqual(
      protections.filter(({ essential, state }) => essential && state !== 'on'),
      [],
    )
    assert.ok(protections.filter(({ state }) => state !== 'on').every(({ why }) => why))
  })

  it('refuses a runtime that the engine does not have, and a cage with a hole', async () => {
    await using box = await testSandbox()
    const hole = {
      noNewPrivileges: true,
      noCapabilities: false,
      seccomp: true,
      unprivilegedUser: true,
      interfaces: ['lo', 'eth0'],
      writable: ['/etc', '/tmp'],
      mounts: [],
      sharedNamespaces: [],
      confined: undefined,
      tmpInodes: 100_000,
      workspaceBytes: 2 ** 40,
      workspaceInodes: 400_000,
    }
    const limits = { ...Settings.parse({}), runtime: 'no-such' }
    const protections = await preflight(box.engine, limits, { state: 'seen', inside: hole, ownFilter: true })
    const missing = /runtime no-such, read-only root, no network, no capabilities, workspace byte limit/
    assert.throws(
      () => requireProtections(protections),
      (error: unknown) => error instanceof DrydockError && missing.test(error.failure.message),
    )
  })
})
