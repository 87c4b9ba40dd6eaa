const test = require('node:test')
const assert = require('node:assert')
const { store } = require('../src/store')
const { add, addLater } = require('../src/actions')

test('adds', async () => {
  const one = store((state, action) => state + action.by, 0)
  one.dispatch(add(1))
  await one.dispatch(addLater(2))
  assert.equal(one.getState(), 3)
})
