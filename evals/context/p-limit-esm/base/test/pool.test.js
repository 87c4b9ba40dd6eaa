const test = require('node:test')
const assert = require('node:assert')
const { pool } = require('../src/pool')

test('runs', async () => {
  const one = pool(1)
  assert.equal(await one.run(async () => 3), 3)
  assert.equal(one.waiting(), 0)
})
