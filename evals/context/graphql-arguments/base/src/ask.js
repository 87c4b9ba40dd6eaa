const { graphql } = require('graphql')
const { schema } = require('./schema')

const root = { depth: ({ harbour }) => harbour.length }

async function ask(source) {
  const { data, errors } = await graphql(schema, source, root)
  return errors ? errors.map(({ message }) => message) : data.depth
}

module.exports = { ask }
