function clearAll({ cache, log }) {
  const before = cache.itemCount
  cache.reset()
  log(`${before} entries dropped`)
}

module.exports = { clearAll }
