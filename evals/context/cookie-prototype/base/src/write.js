const { serialize } = require('cookie')

module.exports.write = (name, value) => serialize(name, value, { httpOnly: true })
