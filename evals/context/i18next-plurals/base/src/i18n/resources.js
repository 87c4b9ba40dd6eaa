'use strict'

const fs = require('fs')
const path = require('path')

const root = path.join(__dirname, '../../locales')

/** All that is translated: language, namespace, texts. */
function readResources(languages) {
  const resources = {}
  for (const language of languages) {
    resources[language] = {}
    for (const file of fs.readdirSync(path.join(root, language))) {
      resources[language][path.basename(file, '.json')] = JSON.parse(fs.readFileSync(path.join(root, language, file), 'utf8'))
    }
  }
  return resources
}

module.exports = { readResources }
