const { Joi, berth } = require('./rules')

function check(value) {
  const { error, value: read } = Joi.validate(value, berth)
  if (error) throw new Error(error.details[0].message)
  return read
}

module.exports = { check }
