const { buildSchema } = require('graphql')

module.exports.schema = buildSchema('type Query { depth(harbour: String!): Int }')
