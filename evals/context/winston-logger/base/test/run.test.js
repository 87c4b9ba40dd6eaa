const test = require('node:test')
const assert = require('node:assert')
const { PassThrough } = require('node:stream')
const { service } = require('../src/service')
const { run } = require('../src/run')

test('logs', async () => {
  const stream = new PassThrough()
  const one = service(stream)
  run(one, 'tide')
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.match(String(stream.read()), /info: run tide/)
})
