const http = require('http')
const config = require('./config')
const { open } = require('./stores')
const { router } = require('./http/router')

function start (given, done) {
  const options = config(given)
  open(options.folder, function (err, stores) {
    if (err) return done(err)
    const server = http.createServer(router(stores))
    server.listen(options.port, options.host, function () {
      done(null, {
        port: server.address().port,
        stop: function (stopped) {
          server.closeAllConnections()
          server.close(function () { stores.close(stopped) })
        }
      })
    })
  })
}

module.exports = { start }

if (require.main === module) {
  start({}, function (err, app) {
    if (err) throw err
    console.log('bookmarkd on %d', app.port)
  })
}
