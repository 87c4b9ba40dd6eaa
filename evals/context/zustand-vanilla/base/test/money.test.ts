import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format } from '../src/money.ts'

test('format', () => {
  assert.deepEqual([0, 5, 1234, -50].map(format), ['0.00', '0.05', '12.34', '-0.50'])
})
