const { object, string, array, lazy } = require('yup')
const { draught } = require('./draught')

const ship = object({
  name: string().required(),
  draught: draught().below(20),
  flags: array().of(string()).compact(),
  owner: lazy((value) => (typeof value === 'string' ? string() : object({ name: string() }))),
}).noUnknown()

module.exports = { ship }
