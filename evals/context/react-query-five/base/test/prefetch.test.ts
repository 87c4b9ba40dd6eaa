import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '../src/queries/client.ts';
import { prefetchFirstPage } from '../src/queries/prefetch.ts';

test('the first page is there', async () => {
  const client = createClient();
  const page = await prefetchFirstPage(client, async () => ({ boats: [], pages: 3 }));
  assert.deepEqual(page, { boats: [], pages: 3 });
  client.clear();
});
