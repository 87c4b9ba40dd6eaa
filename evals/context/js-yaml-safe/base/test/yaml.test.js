const test = require('node:test')
const assert = require('node:assert')
const path = require('node:path')
const { services } = require('../src/services')
const { read } = require('../src/read')
const { write } = require('../src/write')

const all = services(path.join(__dirname, '../data'))

test('reads', () => assert.deepEqual(read(all, 'a.yml'), { name: 'a', size: 3 }))
test('writes', () => assert.equal(write(all, { b: 1, a: 2 }), 'a: 2\nb: 1\n'))
