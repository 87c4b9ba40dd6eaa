const test = require('node:test')
const assert = require('node:assert')
const { warn, fail } = require('../src/report')

test('paints', () => {
  assert.match(warn('deep'), /deep/)
  assert.match(fail('shallow'), /shallow/)
})
