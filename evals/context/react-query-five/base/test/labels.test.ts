import assert from 'node:assert/strict';
import { test } from 'node:test';
import { berthLabel } from '../src/labels.ts';

test('berths', () => {
  assert.equal(berthLabel(7), 'berth 07');
  assert.equal(berthLabel(null), 'at anchor');
});
