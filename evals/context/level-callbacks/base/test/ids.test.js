const assert = require('assert')
const { test } = require('node:test')
const { idOf } = require('../lib/ids')

test('ids are the same for the same', () => {
  assert.strictEqual(idOf('http://a.test'), idOf('http://a.test'))
  assert.match(idOf('http://a.test'), /^[0-9a-f]{12}$/)
})
