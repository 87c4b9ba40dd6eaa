const test = require('node:test')
const assert = require('node:assert')
const { post } = require('../src/post')

test('heavy', async () => assert.deepEqual(await post({ to: 'a', weight: 31 }), { failed: 'more than 30 kg' }))
test('nowhere', async () => assert.deepEqual(await post({ weight: 1 }), { failed: 'where to?' }))
test('sent', async () => assert.deepEqual(await post({ to: 'a', weight: 1 }), { id: 1 }))
