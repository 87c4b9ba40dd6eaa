const { icon } = require('./icons')

function sheet(icons) {
  return Object.entries(icons)
    .map(([name, svg]) => `<!-- ${name} -->${icon(name, svg)}`)
    .join('\n')
}

module.exports = { sheet }
