const { plan } = require('sailplan')

function route(voyage) {
  return plan(voyage.harbours, { unit: voyage.unit })
}

module.exports = { route }
