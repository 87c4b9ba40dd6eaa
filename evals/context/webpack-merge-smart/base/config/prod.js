const merge = require('webpack-merge')
const base = require('./base')

const strategy = { module: 'replace' }

module.exports = merge.strategy(strategy)(base, { mode: 'production', module: { rules: [1] } })
