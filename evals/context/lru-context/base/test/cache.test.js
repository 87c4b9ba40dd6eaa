const test = require('node:test')
const assert = require('node:assert')
const { makeContext } = require('../src/context')
const { forget, remember, known } = require('../src/users')
const { clearAll } = require('../src/admin')
const { Form } = require('../src/form')

test('forgets', () => {
  const context = makeContext({ max: 5, seconds: 60 })
  remember(context, { id: 1 })
  assert.equal(known(context), 1)
  forget(context, 1)
  assert.equal(known(context), 0)
})

test('clears', () => {
  const context = makeContext({ max: 5, seconds: 60 })
  remember(context, { id: 1 })
  const said = []
  clearAll({ ...context, log: (line) => said.push(line) })
  assert.deepEqual(said, ['1 entries dropped'])
  const form = new Form()
  form.reset()
  form.del('x')
})
