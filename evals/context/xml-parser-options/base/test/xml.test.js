const test = require('node:test')
const assert = require('node:assert')
const { read } = require('../src/read')
const { write } = require('../src/write')

test('reads', () => {
  assert.deepEqual(read('<a b="1">007</a>'), { a: { attributes: { '@b': '1' }, '#text': '007' } })
  assert.throws(() => read('<a'), /not XML/)
})
test('writes', () => assert.equal(write({ a: 'x' }), '<a>x</a>'))
