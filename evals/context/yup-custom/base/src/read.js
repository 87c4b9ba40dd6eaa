const { ship } = require('./ship')

function read(value) {
  try {
    return { ship: ship.validateSync(value, { abortEarly: false }) }
  } catch (error) {
    return { errors: error.inner.map(({ path, type }) => `${path}: ${type}`) }
  }
}


module.exports = { read }
