const minimatch = require('minimatch')

function ignored(path, patterns) {
  return patterns.some((pattern) => minimatch(path, pattern, { dot: true }))
}

module.exports = { ignored }
