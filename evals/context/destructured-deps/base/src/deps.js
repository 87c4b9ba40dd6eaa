const { open } = require('storelet')

module.exports.deps = () => ({ store: open('data'), list: [] })
