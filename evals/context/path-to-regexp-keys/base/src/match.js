const { pathToRegexp } = require('path-to-regexp')

function matcher(pattern) {
  const keys = []
  const regexp = pathToRegexp(pattern, keys)
  return (path) => {
    const found = regexp.exec(path)
    return found && Object.fromEntries(keys.map(({ name }, at) => [name, found[at + 1]]))
  }
}

module.exports = { matcher }
