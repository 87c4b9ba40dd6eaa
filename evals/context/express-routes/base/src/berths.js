function berths(app) {
  app.get('/berths/:id?', (request, response) => {
    response.json({ id: request.params.id ?? null })
  })
  app.get('/old', (request, response) => {
    response.json(410, { gone: true })
  })
}

module.exports = { berths }
