const test = require('node:test')
const assert = require('node:assert')
const { check } = require('../src/check')
const { Form } = require('../src/form')

test('reads', () => assert.deepEqual(check({ name: 'kiel', depth: 3 }), { name: 'kiel', depth: 3 }))
test('refuses', () => assert.throws(() => check({ name: 'K' }), /pattern/))
test('form', () => assert.ok(new Form().validate([1])))
