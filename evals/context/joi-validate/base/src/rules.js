const Joi = require('joi')

const berth = Joi.object().keys({
  name: Joi.string().regex(/^[a-z]+$/).required(),
  depth: Joi.number().min(1),
})

module.exports = { Joi, berth }
