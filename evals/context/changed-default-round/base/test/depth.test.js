const test = require('node:test')
const assert = require('node:assert')
const { depth } = require('../src/depth')
const { draught } = require('../src/draught')

test('depth', () => assert.equal(depth(3.14), 'depth 3.1 m'))
test('draught', () => assert.equal(draught('2.5 m'), '2.5 m'))
