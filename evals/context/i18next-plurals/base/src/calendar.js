'use strict'

const DAY = 24 * 60 * 60 * 1000

function daysUntil(date, today) {
  return Math.round((Date.parse(date) - Date.parse(today)) / DAY)
}

module.exports = { daysUntil }
