'use strict'

const { daysUntil } = require('../calendar')
const { layout } = require('./layout')

function reminder(t, member, event, today) {
  return {
    subject: t('reminder.subject', { title: event.title }),
    text: layout(t, member, [t('reminder.days', { count: daysUntil(event.date, today) })]),
  }
}

module.exports = { reminder }
