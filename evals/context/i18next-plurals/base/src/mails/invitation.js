'use strict'

const { layout } = require('./layout')

function invitation(t, member, event) {
  return {
    subject: t('invitation.subject'),
    text: layout(t, member, [event.title, t('invitation.seats', { count: event.seats })]),
  }
}

module.exports = { invitation }
