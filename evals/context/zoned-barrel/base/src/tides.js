const { formatInTimeZone, fromZone, inZone, zones } = require('./time')

/** High water in UTC, from the local time of a harbour's table. */
function highWater(harbour, local) {
  return fromZone(local, zones[harbour]).toISOString()
}

function shown(harbour, date) {
  return formatInTimeZone(date, zones[harbour], 'HH:mm')
}

function localHour(harbour, date) {
  return inZone(date, zones[harbour]).getHours()
}

module.exports = { highWater, shown, localHour }
