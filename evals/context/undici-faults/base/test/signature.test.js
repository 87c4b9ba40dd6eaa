import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign, verify } from '../src/signature.js';

test('a signature', () => {
  assert.ok(verify('s', '{}', sign('s', '{}')));
  assert.ok(!verify('s', '{}', sign('t', '{}')));
});
