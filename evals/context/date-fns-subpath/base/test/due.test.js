const test = require('node:test')
const assert = require('node:assert')
const { due } = require('../src/due')
const { late } = require('../src/late')

test('is due', () => assert.equal(due(new Date(2024, 0, 30), 3), '2024-02-02'))
test('is late', () => assert.equal(late(new Date(2024, 0, 1), new Date(2024, 0, 4)), 3))
