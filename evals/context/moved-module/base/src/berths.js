const { berth } = require('harbourkit')

module.exports.first = () => berth(1)
