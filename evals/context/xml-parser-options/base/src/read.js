const parser = require('fast-xml-parser')
const { options } = require('./options')

function read(text) {
  if (parser.validate(text) !== true) throw new Error('not XML')
  return parser.parse(text, options)
}

module.exports = { read }
