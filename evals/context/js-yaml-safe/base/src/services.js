const yaml = require('js-yaml')
const fs = require('node:fs')

function services(root) {
  return { yaml, fs, root }
}

module.exports = { services }
