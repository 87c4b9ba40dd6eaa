'use strict'

module.exports = {
  languages: ['en', 'de'],
  fallback: 'en',
  sender: 'board@club.example',
  debug: process.env.MAILER_DEBUG === '1',
}
