const prettier = require('prettier')

const options = { semi: false, singleQuote: true }

function tidy(source) {
  return prettier.format(source, { ...options, parser: 'babel' })
}

function isTidy(source) {
  return prettier.check(source, { ...options, parser: 'babel' })
}

module.exports = { tidy, isTidy }
