const parse = require('csv-parse/lib/sync')
const { options } = require('./options')

function read(text) {
  return parse(text, options)
}

module.exports = { read }
