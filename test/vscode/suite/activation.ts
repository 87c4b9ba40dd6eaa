import assert from 'node:assert/strict'
import { extensions } from 'vscode'

/** Measured where it counts: how long the extension host is kept busy by the extension's start. */
describe('activation', () => {
  it('is timed', async () => {
    const found = extensions.getExtension('drydock.drydock')
    assert.ok(found !== undefined && !found.isActive)
    const before = performance.now()
    await found.activate()
    Object.assign(globalThis, { drydockFigures: { activationMs: performance.now() - before } })
  })
})
