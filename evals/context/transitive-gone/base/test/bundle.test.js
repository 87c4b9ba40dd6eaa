const test = require('node:test')
const assert = require('node:assert')
const { all } = require('../src/bundle')

test('bundles', () => assert.equal(all(['a']), 'a+x~y'))
