const { makeLog } = require('./log')

function service(stream) {
  return { log: makeLog(stream), runs: 0 }
}

module.exports = { service }
