const test = require('node:test')
const assert = require('node:assert')
const { pickup, ticket } = require('../src/codes')

test('pickup', () => assert.match(pickup(), /^[2-9A-H]{6}$/))
test('ticket', () => assert.equal(ticket().length, 10))
