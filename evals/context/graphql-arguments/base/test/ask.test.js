const test = require('node:test')
const assert = require('node:assert')
const { ask } = require('../src/ask')
const { check } = require('../src/check')

test('asks', async () => assert.equal(await ask('{ depth(harbour: "Kiel") }'), 4))
test('checks', () => assert.equal(check('{ nothing }'), 1))
