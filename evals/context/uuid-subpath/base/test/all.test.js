const test = require('node:test')
const assert = require('node:assert')
const { label, order } = require('../src/shipments')

test('an order has an id', () => assert.match(order([]).id, /^[0-9a-f-]{36}$/))
test('a label is stable', () => assert.equal(label('Kiel'), label('Kiel')))
