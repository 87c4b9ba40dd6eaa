const { Memory } = require('./memory')
const { createLog } = require('./create')

module.exports = { Memory, createLog }
