const format = require('date-fns/format')

function day(date) {
  return format(date, 'YYYY-MM-DD')
}

module.exports = { day }
