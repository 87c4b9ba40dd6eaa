const uuid = require('uuid/v4')

function order(items) {
  return { id: uuid(), items, state: 'new' }
}

module.exports = { order }
