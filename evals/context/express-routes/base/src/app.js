const express = require('express')
const { files } = require('./files')
const { berths } = require('./berths')

function makeApp() {
  const app = express()
  files(app)
  berths(app)
  return app
}

module.exports = { makeApp }
