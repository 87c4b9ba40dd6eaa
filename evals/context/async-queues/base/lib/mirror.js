const downloads = require('./downloads')
const patient = require('./patient')
const progress = require('./progress')
const settings = require('./settings')
const { summary } = require('./summary')

/** Mirrors the addresses; `done` gets a summary once none is left. */
exports.mirror = function (urls, fetch, store, given, done) {
  const options = settings(given)
  const queue = downloads(patient(fetch, options.attempts), store, options)
  const counts = progress(queue)
  queue.drain = function () {
    done(null, summary(urls, counts))
  }
  queue.push(urls.map(function (url) { return { url } }))
}
