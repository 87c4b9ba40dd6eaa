const async = require('async')
const { check } = require('./checks')
const { fileFor } = require('./names')

/** The queue of what is still to be fetched. */
module.exports = function downloads (fetch, store, options) {
  function work (job, done) {
    async.waterfall([
      function (next) { fetch(job.url, next) },
      function (bytes, next) {
        const file = { name: fileFor(job.url), bytes, limit: options.maxBytes }
        check(file, function (err) { next(err, file) })
      },
      function (file, next) { store.write(file.name, file.bytes, next) }
    ], done)
  }

  return async.queue(work, options.concurrency)
}
