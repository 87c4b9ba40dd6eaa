const async = require('async')

/** Fetches, and again if need be: an origin that is starting answers with nothing. */
module.exports = function patient (fetch, attempts) {
  return function (url, done) {
    let tries = 0
    let bytes = null
    async.whilst(
      function () { return bytes === null && tries < attempts },
      function (next) {
        tries++
        fetch(url, function (err, got) {
          if (err && tries >= attempts) return next(err)
          if (!err) bytes = got
          next()
        })
      },
      function (err) {
        done(err, bytes)
      }
    )
  }
}
