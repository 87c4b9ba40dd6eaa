import assert from 'node:assert/strict'
import { duration, testName } from '../../../../src/runner/terminal/text.ts'

describe('words at a terminal', () => {
  it('never are a minute of sixty seconds', () => {
    const times = [999, 59_949, 59_970, 119_700, 239_800, 245_000].map(duration)
    assert.deepEqual(times, ['999 ms', '59.9 s', '1 min 00 s', '2 min 00 s', '4 min 00 s', '4 min 05 s'])
  })

  it('name a test by its file and title, without folders where there is no room', () => {
    const id = 'module/src/test/java/org/example/long/CartTest.java › adds'
    assert.equal(testName(id, 80), id)
    assert.equal(testName(id, 40), '…/org/example/long/CartTest.java › adds')
    assert.equal(testName(id, 20), '…/CartTest.java › a…')
    assert.equal(testName('adds two numbers', 10), 'adds two …')
  })
})
