const pLimit = require('p-limit')

function pool(size) {
  const limit = pLimit(size)
  return { run: (work) => limit(work), waiting: () => limit.pendingCount }
}

module.exports = { pool }
