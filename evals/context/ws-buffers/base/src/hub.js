const WebSocket = require('ws')
const { onMessage } = require('./messages')

function open(port) {
  const server = new WebSocket.Server({ port })
  const hub = { server, seen: [] }
  server.on('connection', (socket) => onMessage(hub, socket))
  return hub
}

module.exports = { open }
