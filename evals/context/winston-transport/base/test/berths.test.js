const test = require('node:test')
const assert = require('node:assert')
const { Memory, createLog } = require('../src/logs')
const { Berths } = require('../src/berths')

test('tells of berths', () => {
  const memory = new Memory({})
  const berths = new Berths(createLog(memory))
  berths.take('Kiel')
  assert.deepEqual(memory.lines, ['info berth 1 (Kiel)'])
})

test('tells of none', () => {
  const memory = new Memory({})
  const berths = new Berths(createLog(memory))
  for (let ship = 0; ship < 4; ship += 1) berths.take('Kiel')
  assert.equal(memory.lines.at(-1), 'error no berth (Kiel)')
})
