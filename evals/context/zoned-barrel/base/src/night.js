const tz = require('date-fns-tz')
const { zones } = require('./time')

function isNight(harbour, date) {
  const hour = tz.utcToZonedTime(date, zones[harbour]).getHours()
  return hour < 6 || hour > 21
}

function offset(harbour, date) {
  return tz.getTimezoneOffset(zones[harbour], date) / 3_600_000
}

module.exports = { isNight, offset }
