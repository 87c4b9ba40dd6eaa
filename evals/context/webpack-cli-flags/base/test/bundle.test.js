const assert = require('node:assert');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { bundle } = require('../scripts/bundle');
const { sizes } = require('../scripts/sizes');

function folder() {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'widgets-'));
}

test('a widget for a shop', () => {
  const out = folder();
  bundle(['basket'], { out });
  assert.deepEqual(fs.readdirSync(out), ['basket.js']);
  const { basket } = require(path.join(out, 'basket.js'));
  assert.deepEqual(basket([{ count: 2, cents: 150 }]), { action: 'https://api.example.com/orders', total: '3.00 EUR' });
});

test('both for staging', () => {
  const out = folder();
  assert.equal(bundle(['basket', 'search'], { out, api: 'staging', production: false }).trim(), '');
  assert.equal(sizes(out).length, 2);
  assert.equal(require(path.join(out, 'search.js')).search('a b'), 'https://staging.example.com/search?q=a%20b');
});
