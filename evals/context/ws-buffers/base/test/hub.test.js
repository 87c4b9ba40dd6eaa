const test = require('node:test')
const assert = require('node:assert')
const WebSocket = require('ws')
const { open } = require('../src/hub')

test('answers in capitals', async () => {
  const hub = open(0)
  const socket = new WebSocket(`ws://127.0.0.1:${hub.server.address().port}`)
  const answer = await new Promise((resolve) => {
    socket.on('open', () => socket.send('tide'))
    socket.on('message', (data) => resolve(String(data)))
    socket.on('close', (code) => resolve(`closed ${code}`))
  })
  socket.terminate()
  hub.server.close()
  assert.equal(answer, 'TIDE')
  assert.deepEqual(hub.seen, ['tide'])
})
