module.exports = require('./lib/mirror')
