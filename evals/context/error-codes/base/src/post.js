const { send } = require('courier-post')
const { explain } = require('./explain')

async function post(parcel) {
  try {
    return await send(parcel)
  } catch (error) {
    return { failed: explain(error) }
  }
}

module.exports = { post }
