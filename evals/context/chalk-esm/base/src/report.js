const { ink } = require('./paint')

function warn(text) {
  return ink.keyword('orange')(text)
}

function fail(text) {
  return ink.red(text)
}

module.exports = { warn, fail }
