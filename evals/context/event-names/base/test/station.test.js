const test = require('node:test')
const assert = require('node:assert')
const { station } = require('../src/station')
const { ended } = require('../src/wait')

test('sees the high water', async () => {
  const one = station('Kiel')
  await ended(one)
  assert.deepEqual(one.seen, ['high Kiel'])
})
