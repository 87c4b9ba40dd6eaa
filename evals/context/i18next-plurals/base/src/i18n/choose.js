'use strict'

/** The first of the member's languages that there are texts for. */
function choose(i18n, wanted) {
  const found = wanted.find((code) => i18n.services.languageUtils.isWhitelisted(code))
  return found || i18n.options.fallbackLng[0]
}

function spoken(i18n) {
  return i18n.options.whitelist.filter((code) => code !== 'cimode')
}

module.exports = { choose, spoken }
