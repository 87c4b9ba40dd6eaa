const test = require('node:test')
const assert = require('node:assert')
const { first } = require('../src/berths')

test('reads', () => assert.deepEqual(require('../src/in').read('a, b'), ['a', 'b']))
test('writes', async () => {
  const { write } = await import('../src/out.mjs')
  assert.equal(write(['a', 'b']), 'a,b')
})
test('first', () => assert.deepEqual(first(), { id: 1 }))
