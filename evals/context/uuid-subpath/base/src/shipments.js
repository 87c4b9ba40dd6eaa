const { order } = require('./orders')
const v5 = require('uuid/v5')

const space = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'

function label(city) {
  return v5(city, space)
}

module.exports = { label, order }
