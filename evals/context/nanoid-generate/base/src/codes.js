const generate = require('nanoid/generate')
const nanoid = require('nanoid')

const alphabet = '23456789ABCDEFGH'

function pickup() {
  return generate(alphabet, 6)
}

function ticket() {
  return nanoid(10)
}

module.exports = { pickup, ticket }
