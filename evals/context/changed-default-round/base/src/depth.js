const { metres } = require('metrefmt')

module.exports.depth = (value) => `depth ${metres(value)}`
