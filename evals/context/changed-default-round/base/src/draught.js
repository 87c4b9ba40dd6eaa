const { metres, parse } = require('metrefmt')

function draught(text) {
  return metres(parse(text))
}

module.exports = { draught }
