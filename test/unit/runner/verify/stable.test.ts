import assert from 'node:assert/strict'
import { failures } from '../../../../src/contract/failures.ts'
import { engineFault } from '../../../../src/runner/docker/lost.ts'
import { stablePart, stableText } from '../../../../src/runner/verify/stable.ts'

describe('what stays of a text', () => {
  it('is the same for two runs of the same failure', () => {
    const pairs = [
      ['at /tmp/x-81f/a.js:3:14 after 12 ms', 'at /tmp/y-22a/b.js:99:1 after 1.5 s'],
      ['listen EADDRINUSE 127.0.0.1:4312', 'listen EADDRINUSE 127.0.0.1:51000'],
      ['src/a.ts(14,36): bad', 'src/a.ts(15,2): bad'],
      ['coverage 81.3% of lines', 'coverage 81.25 % of lines'],
      ['id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 gone', 'id 9a0c04e0-4f89-11d3-9a0c-0305e82c33ff gone'],
      ['\u001b[31mred\u001b[39m', 'red'],
      ['on 2026-11-28T10:00:00.000Z', 'on 2025-01-02'],
    ] as const
    for (const [one, other] of pairs) assert.equal(stableText(one), stableText(other), one)
  })

  it('differs where the failure does', () => {
    const pairs = [
      ['Expected 3 arguments, but got 2.', 'Expected 4 arguments, but got 2.'],
      ['error TS2339', 'error TS2559'],
      ["Cannot find name 'a'", "Cannot find name 'b'"],
    ] as const
    for (const [one, other] of pairs) assert.notEqual(stableText(one), stableText(other))
  })

  it('is a name without its date, number or random value', () => {
    assert.equal(stablePart('on Fri Nov 27 2026'), stablePart('on Sat Nov 28 2026'))
    assert.equal(stablePart('returns 12 for 12'), stablePart('returns 7 for 7'))
    assert.equal(stablePart('user V1StGXR8_Z5jdHi6B'), stablePart('user a9StGXR8_Z5jdHi6C'))
    assert.notEqual(stablePart('adds 1'), stablePart('removes 1'))
  })
})

describe('a fault of the engine', () => {
  const code = (error: unknown): string | undefined => engineFault(error)?.failure.code

  it('is told from what the code under test brings about', () => {
    assert.equal(code(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })), 'engine-lost')
    assert.equal(code(Object.assign(new Error('no such container'), { statusCode: 404 })), 'engine-lost')
    assert.equal(code(failures.engineRefused('run a command', 'container 1 is not running')), 'engine-lost')
    assert.equal(code(failures.engineRefused('create a container', 'no such driver')), 'engine-refused')
    const layer =
      "error while mounting volume '/x': failed to mount local volume: mount overlay:/x, data: upperdir=/y/up: no such file or directory"
    assert.equal(code(failures.engineRefused('start a container', layer)), 'engine-lost')
    assert.equal(code(failures.engineLost('gone')), 'engine-lost')
    assert.equal(code(failures.engineRefused('unpack', 'write a: no space left on device')), 'disk-full')
    assert.equal(code(failures.diskFull('The workspace')), undefined)
    assert.equal(
      code(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' })),
      undefined,
    )
  })
})
