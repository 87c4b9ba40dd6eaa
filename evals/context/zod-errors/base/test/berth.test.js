const test = require('node:test')
const assert = require('node:assert')
const { messages } = require('../src/messages')
const { summary } = require('../src/log')

test('accepts', () => assert.deepEqual(messages({ host: '10.0.0.1', tags: { a: 1 }, name: 'n' }), []))
test('says what is missing', () => {
  assert.deepEqual(messages({ host: '10.0.0.1', tags: {} }), ['a berth has a name'])
  assert.deepEqual(summary({ errors: ['x'] }), ['! x'])
})
