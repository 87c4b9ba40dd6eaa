const test = require('node:test')
const assert = require('node:assert')
const { read, theme } = require('../src/read')
const { write } = require('../src/write')

test('reads', () => assert.deepEqual(read('b=1; a=2'), ['a', 'b']))
test('theme', () => assert.equal(theme('theme=dark'), 'dark'))
test('writes', () => assert.equal(write('a', 'b'), 'a=b; HttpOnly'))
