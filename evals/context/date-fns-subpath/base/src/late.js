const differenceInDays = require('date-fns/difference_in_days')

module.exports.late = (end, now) => Math.max(0, differenceInDays(now, end))
