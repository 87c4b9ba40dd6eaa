'use strict';

const assert = require('node:assert');
const { after, before, test } = require('node:test');
const { createTracker } = require('../src');
const { renderTable } = require('../src/report');
const { startCarriers } = require('./carriers.fixture');

let carriers;
let tracker;

before(async () => {
  carriers = await startCarriers();
  tracker = createTracker({
    northUrl: `${carriers.origin}/v2`,
    postalUrl: carriers.origin,
    token: 't',
    timeout: 1000,
    retries: 0,
  });
});

after(() => carriers.close());

test('finds parcels of both carriers', async () => {
  const rows = await tracker.lookup(['NC1', '0123456789', 'X']);
  assert.deepEqual(rows.map((row) => row.state), ['moving', 'delivered', 'unknown carrier']);
  assert.match(renderTable(rows), /NC1\s+north\s+moving\s+2023-04-05/);
});

test('a parcel nobody knows', async () => {
  const [row] = await tracker.lookup(['NC404']);
  assert.equal(row.state, 'not found');
});

test('says what the carrier said, and asks once only', async () => {
  carriers.seen.length = 0;
  await assert.rejects(tracker.lookup(['NC500']), { name: 'CarrierError', message: 'north: depot is down' });
  assert.equal(carriers.seen.length, 1);
});

test('subscribes', async () => {
  assert.equal(await tracker.carrier('north').subscribe('NC1', 'http://me'), 'hook-NC1');
});

test('a label is bytes', async () => {
  assert.deepEqual([...(await tracker.carrier('postal').label('0123456789'))], [94, 88, 65, 255]);
});
