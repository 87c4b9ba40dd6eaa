function files(app) {
  app.get('/files/*', (request, response) => {
    response.send(`file ${request.params[0]}`)
  })
}

module.exports = { files }
