const { Berth } = require('./schema')

function messages(value) {
  const read = Berth.safeParse(value)
  return read.success ? [] : read.error.errors.map(({ message }) => message)
}

module.exports = { messages }
