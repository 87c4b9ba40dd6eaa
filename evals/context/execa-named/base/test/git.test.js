const test = require('node:test')
const assert = require('node:assert')
const { version, versionNow } = require('../src/git')
const { script } = require('../src/script')

test('version', async () => assert.equal(await version(), process.version))
test('now', () => assert.equal(versionNow(), process.version))
test('script', async () => assert.equal(await script('node --version'), process.version))
