const { bundle } = require('bundlekit')
const { line } = require('./line')

module.exports.all = (names) => bundle([...names, line('x', 'y')])
