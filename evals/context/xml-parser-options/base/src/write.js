const { j2xParser } = require('fast-xml-parser')
const { options } = require('./options')

function write(value) {
  return new j2xParser(options).parse(value)
}

module.exports = { write }
