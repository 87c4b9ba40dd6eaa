const http = require('node:http')
const { proxy } = require('./proxy')

function server(target) {
  const middleware = proxy(target)
  return http.createServer((request, response) => {
    request.originalUrl = request.url
    middleware(request, response, () => response.writeHead(404).end())
  })
}

module.exports = { server }
