const test = require('node:test')
const assert = require('node:assert')
const path = require('node:path')
const { find } = require('../src/find')
const { count } = require('../src/count')

const folder = path.join(__dirname, 'data')

test('finds', (_, done) => {
  find(folder, (error, names) => {
    assert.deepEqual(names, ['a.txt', 'b.txt'])
    done(error)
  })
})
test('counts', () => assert.equal(count(folder), 2))
