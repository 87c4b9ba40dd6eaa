const test = require('node:test')
const assert = require('node:assert')
const { read } = require('../src/read')
const { rows } = require('../src/stream')

const text = 'name,size\nan "old" tug,3\n\nferry,9\n'
const expected = [{ name: 'an "old" tug', size: '3' }, { name: 'ferry', size: '9' }]
const plain = (all) => all.map((row) => ({ ...row }))

test('reads', () => assert.deepEqual(plain(read(text)), expected))
test('streams', (_, done) => {
  rows(text, (error, all) => {
    assert.deepEqual(plain(all), expected)
    done(error)
  })
})
