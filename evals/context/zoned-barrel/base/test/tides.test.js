const assert = require('node:assert')
const test = require('node:test')
const { isNight, offset } = require('../src/night')
const { highWater, localHour, shown } = require('../src/tides')

const noon = new Date('2024-01-15T12:00:00Z')

test('high water', () => assert.equal(highWater('kiel', '2024-01-15T13:00:00'), '2024-01-15T12:00:00.000Z'))
test('shown', () => assert.equal(shown('boston', noon), '07:00'))
test('local hour', () => assert.equal(localHour('boston', noon), 7))
test('night', () => assert.equal(isNight('kiel', noon), false))
test('offset', () => assert.equal(offset('kiel', noon), 1))
