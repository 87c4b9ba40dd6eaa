module.exports = require('./zones')
