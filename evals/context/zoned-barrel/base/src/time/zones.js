const { utcToZonedTime: inZone, zonedTimeToUtc: fromZone, formatInTimeZone } = require('date-fns-tz')

const zones = { kiel: 'Europe/Berlin', boston: 'America/New_York' }

module.exports = { inZone, fromZone, formatInTimeZone, zones }
