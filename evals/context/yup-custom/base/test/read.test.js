const test = require('node:test')
const assert = require('node:assert')
const { read } = require('../src/read')

test('reads', () => {
  const { ship } = read({ name: 'Gorch', draught: '3.2 m', flags: ['a', ''], owner: 'navy' })
  assert.deepEqual(ship, { name: 'Gorch', draught: 3.2, flags: ['a'], owner: 'navy' })
})
test('refuses', () => {
  const { errors } = read({ name: 'Gorch', draught: 30, flags: [] })
  assert.deepEqual(errors, ['draught: below'])
})
test('types', () => assert.equal(read({ name: 'a', draught: true, flags: [] }).errors[0], 'draught: typeError'))
