function onMessage(hub, socket) {
  socket.on('message', (data) => {
    if (typeof data !== 'string') return socket.close(1003)
    hub.seen.push(data)
    socket.send(data.toUpperCase())
  })
}

module.exports = { onMessage }
