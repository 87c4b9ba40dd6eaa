'use strict'

const settings = require('./settings')
const { choose } = require('./i18n/choose')
const { invitation } = require('./mails/invitation')
const { reminder } = require('./mails/reminder')

class Mailer {
  constructor(i18n, transport) {
    this.i18n = i18n
    this.transport = transport
  }

  invite(member, event) {
    return this.send(member, (t) => invitation(t, member, event))
  }

  remind(member, event, today) {
    return this.send(member, (t) => reminder(t, member, event, today))
  }

  send(member, make) {
    const t = this.i18n.getFixedT(choose(this.i18n, member.languages))
    return this.transport({ from: settings.sender, to: member.address, ...make(t) })
  }
}

module.exports = { Mailer }
