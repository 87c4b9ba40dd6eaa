const { tie } = require('knots')

module.exports.line = (a, b) => tie(a, b)
