import assert from 'node:assert/strict'
import {
  causeText,
  packageRows,
  packagesLine,
  placeText,
  releasedLine,
  saysNothing,
} from '../../../src/contract/whyRows.ts'

const broken = { step: 'test' as const, command: 'npm test', places: [], more: 0 }

describe('the rows of why it broke', () => {
  it('have the code of a cause before its message', () => {
    assert.equal(causeText({ ...broken, code: 'ERR_X', message: 'gone' }), 'ERR_X: gone')
    assert.equal(causeText({ ...broken, message: 'gone' }), 'gone')
    assert.equal(causeText({ ...broken, code: 'ERR_X', message: '' }), 'ERR_X')
  })

  it('name a file once where a test is named by it', () => {
    assert.equal(placeText({ file: 'a.test.js', line: 3, test: 'a.test.js › adds' }), 'a.test.js:3 › adds')
    assert.equal(placeText({ file: 'a.test.js', test: 'a.test.js' }), 'a.test.js')
    assert.equal(placeText({ test: 'com.acme.CartTest.sums' }), 'com.acme.CartTest.sums')
    assert.equal(placeText({}), '')
  })

  it('show what runs something first, and count every kind', () => {
    const why = {
      packages: {
        moves: [
          { name: 'a', before: ['1.0.0'], after: ['2.0.0'] },
          { name: 'b', before: ['1.0.0'], after: [] },
          { name: 'c', before: [], after: ['1.0.0', '2.0.0'], scripts: [] },
        ],
        more: 2,
      },
    }
    assert.deepEqual(
      packageRows(why).map(({ name, change, from, to }) => [name, change, from, to]),
      [
        ['c', 'added', '', '1.0.0, 2.0.0'],
        ['a', 'moved', '1.0.0', '2.0.0'],
        ['b', 'removed', '1.0.0', ''],
      ],
    )
    assert.equal(
      packagesLine(why),
      '5 packages: 1 added, 1 moved, 1 removed, 2 not listed, 1 runs a script when installed',
    )
    assert.equal(packagesLine({ packages: { moves: [], more: 0 } }), undefined)
  })

  it('date the versions whose day is known', () => {
    assert.equal(
      releasedLine({ released: { to: '2026-03-12T23:59:00.000Z' } }, '1.0.0', '2.0.0'),
      '1.0.0 → 2.0.0 of 2026-03-12',
    )
    assert.equal(releasedLine({}, '1.0.0', '2.0.0'), undefined)
  })

  it('know when there is nothing to say', () => {
    assert.equal(saysNothing({ packages: { moves: [], more: 0 }, released: {} }), true)
    assert.equal(saysNothing({ released: { to: '2026-03-12T23:59:00.000Z' } }), false)
  })
})
