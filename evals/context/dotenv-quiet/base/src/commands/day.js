const { schedule } = require('../schedule')

module.exports = (settings, { from = '2024-01-01' }) => schedule(settings, from, 1)
