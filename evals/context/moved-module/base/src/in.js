const { parse } = require('harbourkit/legacy/parse')

module.exports.read = (text) => parse(text).map((part) => part.trim())
