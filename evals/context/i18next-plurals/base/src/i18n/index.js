'use strict'

const i18next = require('i18next')
const settings = require('../settings')
const { readResources } = require('./resources')

const instance = i18next.createInstance()

async function start() {
  await instance.init({
    whitelist: settings.languages,
    nonExplicitWhitelist: true,
    fallbackLng: settings.fallback,
    ns: ['mails'],
    defaultNS: 'mails',
    debug: settings.debug,
    interpolation: { escapeValue: false },
    resources: readResources(settings.languages),
  })
  return instance
}

module.exports = { start }
