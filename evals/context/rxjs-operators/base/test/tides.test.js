const test = require('node:test')
const assert = require('node:assert')
const { tides } = require('../src/tides')
const { high } = require('../src/high')

test('high ones', () => {
  const seen = []
  high(tides(1, 4, 2, 5), 3).subscribe((one) => seen.push(one))
  assert.deepEqual(seen, ['4 m', '5 m'])
})
