const base = { concurrency: 3, attempts: 3, maxBytes: 1024 * 1024 }

module.exports = function settings (given) {
  return Object.assign({}, base, given)
}
