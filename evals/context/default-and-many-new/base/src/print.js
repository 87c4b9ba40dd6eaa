const { route } = require('./route')

function print(voyage) {
  const { legs, unit } = route(voyage)
  return `${legs.join(' – ')} (${unit})`
}

module.exports = { print }
