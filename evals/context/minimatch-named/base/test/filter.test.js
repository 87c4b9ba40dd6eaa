const test = require('node:test')
const assert = require('node:assert')
const { sources } = require('../src/filter')

test('filters', () => assert.deepEqual(sources(['a.js', 'b/c.js', 'd.ts'], ['b/**']), ['a.js']))
