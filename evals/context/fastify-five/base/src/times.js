/** Every answer says how long it took. */
function times(app) {
  app.addHook('onSend', async (request, reply, payload) => {
    reply.header('x-took', reply.getResponseTime().toFixed(1))
    return payload
  })
}

module.exports = { times }
