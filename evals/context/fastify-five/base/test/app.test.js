const test = require('node:test')
const assert = require('node:assert')
const { build } = require('../src/app')

test('a tide', async () => {
  const answer = await build().inject('/tides/Kiel')
  assert.deepEqual(answer.json(), { harbour: 'kiel', height: 3.1 })
  assert.match(answer.headers['x-took'], /^\d+\.\d$/)
})

test('a tide in metres', async () => {
  const answer = await build().inject('/tides/kiel?metres=true')
  assert.deepEqual(answer.json(), { harbour: 'kiel', height: '3.1 m' })
})

test('elsewhere', async () => {
  const answer = await build().inject('/')
  assert.equal(answer.statusCode, 302)
  assert.equal(answer.headers.location, '/tides/kiel')
})
