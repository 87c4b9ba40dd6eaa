const minimatch = require('minimatch')
const { ignored } = require('./ignore')

function sources(paths, patterns) {
  return paths.filter(minimatch.filter('**/*.js')).filter((path) => !ignored(path, patterns))
}

module.exports = { sources }
