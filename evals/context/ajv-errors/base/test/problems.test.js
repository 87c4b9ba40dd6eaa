const test = require('node:test')
const assert = require('node:assert')
const { makeValidator } = require('../src/validator')
const { problems } = require('../src/problems')

const validator = makeValidator({
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string' }, berth: { type: 'object', properties: { depth: { type: 'number' }, port: { type: 'string', format: 'port' } } } },
})

test('names what is missing', () => assert.match(problems(validator, {}).join(), /^\/ .*'name'$/))
test('says where', () => {
  const [first] = problems(validator, { name: 'a', berth: { depth: 'deep' } })
  assert.match(first, /berth.depth should be number|berth\/depth must be number/)
})
