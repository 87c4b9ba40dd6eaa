const fastify = require('fastify')
const { times } = require('./times')
const { tides } = require('./tides')

function build() {
  const app = fastify()
  times(app)
  app.register(tides, { prefix: '/tides' })
  app.setNotFoundHandler((request, reply) => {
    reply.redirect(302, '/tides/kiel')
  })
  return app
}

module.exports = { build }
