const addDays = require('date-fns/add_days')
const { day } = require('./day')

function due(start, days) {
  return day(addDays(start, days))
}

module.exports = { due }
