'use strict'

const assert = require('assert')
const { before, test } = require('node:test')
const { start } = require('../src/i18n')
const { choose, spoken } = require('../src/i18n/choose')
const { Mailer } = require('../src/mailer')

const ada = { name: 'Ada', address: 'ada@example.com', languages: ['fr', 'en'] }
const ole = { name: 'Ole', address: 'ole@example.com', languages: ['de-AT'] }
const trip = { title: 'Trip', seats: 3, date: '2024-05-02' }

let i18n
let mailer
before(async () => {
  i18n = await start()
  mailer = new Mailer(i18n, (mail) => mail)
})

test('an invitation', () => {
  const mail = mailer.invite(ada, trip)
  assert.strictEqual(mail.subject, 'You are invited')
  assert.strictEqual(mail.text, 'Hello Ada,\n\nTrip\nThere are 3 seats left.\n\nThe board')
})

test('the last seat', () => {
  assert.match(mailer.invite(ada, { ...trip, seats: 1 }).text, /There is 1 seat left/)
})

test('a reminder', () => {
  const mail = mailer.remind(ole, trip, '2024-04-29')
  assert.strictEqual(mail.subject, 'Nicht vergessen: Trip')
  assert.strictEqual(mail.text, 'Hallo Ole,\n\nEs ist in 3 Tagen.\n\n')
  assert.match(mailer.remind(ole, trip, '2024-05-01').text, /in 1 Tag\./)
})

test('languages', () => {
  assert.strictEqual(choose(i18n, ['fr', 'de-CH']), 'de-CH')
  assert.strictEqual(choose(i18n, ['fr']), 'en')
  assert.deepStrictEqual(spoken(i18n), ['en', 'de'])
})
