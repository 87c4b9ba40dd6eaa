const test = require('node:test')
const assert = require('node:assert')
const { run } = require('../src/run')

test('prints the harbour', () => {
  assert.equal(run(['node', 'tide', '--depth', '7']), 'Kiel: 7 m')
})
