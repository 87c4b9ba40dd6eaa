import assert from 'node:assert/strict'
import { extensions } from 'vscode'

/** Measured where it counts: how long the extension host is kept busy by the extension's start. */
describe('activation', () => {
  it('is timed', async () => {
    const found = extensions.getExtension('drydock.drydock')
    assert.ok(found !== undefined && !found.isActive)
    const [wall, cpu] = [performance.now(), process.cpuUsage()]
    await found.activate()
    const activationMs = performance.now() - wall
    const { user, system } = process.cpuUsage(cpu)
    Object.assign(globalThis, { drydockFigures: { activationMs, activationCpuMs: (user + system) / 1000 } })
  })
})
