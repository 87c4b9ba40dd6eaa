const { optimize } = require('svgo')
const config = require('../svgo.config')

function icon(name, svg) {
  const result = optimize(svg, { ...config, path: `${name}.svg` })
  if (result.error !== undefined) throw new Error(`${name}: ${result.error}`)
  return result.data
}

module.exports = { icon }
