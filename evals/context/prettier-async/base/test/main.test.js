const test = require('node:test')
const assert = require('node:assert')
const { generate } = require('../src/main')

test('generates a file a model', () => {
  const files = generate({ berth: ['depth', 'length'] })
  assert.equal(files.get('berth.js'), 'module.exports.berth = { depth: null, length: null }\n')
})
