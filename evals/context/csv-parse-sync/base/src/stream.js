const parse = require('csv-parse')
const { options } = require('./options')

function rows(text, done) {
  parse(text, options, done)
}

module.exports = { rows }
