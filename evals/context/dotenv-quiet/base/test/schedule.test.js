const assert = require('node:assert')
const { test } = require('node:test')
const { schedule } = require('../src/schedule')

test('turns', () => {
  const rows = schedule({ team: 'night', size: 3 }, '2024-02-28', 3)
  assert.deepEqual(rows.map(({ day }) => day), ['2024-02-28', '2024-02-29', '2024-03-01'])
  assert.deepEqual(rows[1].people, ['Di', 'Ana', 'Bo'])
})
