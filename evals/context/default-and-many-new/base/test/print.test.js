const test = require('node:test')
const assert = require('node:assert')
const { print } = require('../src/print')

test('prints', () => assert.equal(print({ harbours: ['Kiel', 'Aarhus'] }), 'Aarhus – Kiel (nm)'))
