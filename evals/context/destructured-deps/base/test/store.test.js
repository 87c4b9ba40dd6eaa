const test = require('node:test')
const assert = require('node:assert')
const { deps } = require('../src/deps')
const { save } = require('../src/save')
const { load } = require('../src/load')

test('saves and loads', () => {
  const all = deps()
  assert.equal(save(all, 'a', 1), 1)
  assert.equal(load(all, 'a'), 1)
  assert.throws(() => load(all, 'b'), /no b among 1/)
})
