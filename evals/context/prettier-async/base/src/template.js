const { tidy } = require('./format')

function render(name, fields) {
  const lines = fields.map((field) => `${field}: null,`)
  return tidy(`module.exports.${name} = {${lines.join('')}}`)
}

module.exports = { render }
