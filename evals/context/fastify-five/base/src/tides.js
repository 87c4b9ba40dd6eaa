const heights = { kiel: 3.1 }

async function tides(app) {
  app.decorateRequest('harbour', '')
  app.addHook('preHandler', async (request) => {
    request.harbour = String(request.params.harbour).toLowerCase()
  })
  app.get('/:harbour', {
    schema: {
      querystring: {
        metres: { type: 'boolean' },
      },
    },
    handler: async (request) => {
      const height = heights[request.harbour]
      return { harbour: request.harbour, height: request.query.metres ? `${height} m` : height }
    },
  })
}

module.exports = { tides }
