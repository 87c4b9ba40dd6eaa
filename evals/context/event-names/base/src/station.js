const { watch } = require('tidewatch')
const { listen } = require('./listen')

function station(harbour) {
  const station = { watcher: watch(harbour), seen: [] }
  listen(station)
  return station
}

module.exports = { station }
