const { parse, validate } = require('graphql')
const { schema } = require('./schema')

module.exports.check = (source) => validate(schema, parse(source)).length
