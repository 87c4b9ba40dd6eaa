/** Counts for the one who waits in front of a terminal. */
module.exports = function progress (queue) {
  const counts = { waits: 0, failed: [] }
  queue.saturated = function () {
    counts.waits++
  }
  queue.error = function (err, job) {
    counts.failed.push(job.url + ': ' + err.message)
  }
  return counts
}
