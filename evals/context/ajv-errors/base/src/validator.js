const Ajv = require('ajv')

function makeValidator(schema) {
  const ajv = new Ajv({ allErrors: true, unknownFormats: ['port'], schemaId: 'auto' })
  return { check: ajv.compile(schema) }
}

module.exports = { makeValidator }
