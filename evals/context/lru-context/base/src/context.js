const LRU = require('lru-cache')

function makeContext(settings) {
  const cache = new LRU({
    max: settings.max,
    maxAge: settings.seconds * 1000,
  })
  return { cache, settings }
}

module.exports = { makeContext }
