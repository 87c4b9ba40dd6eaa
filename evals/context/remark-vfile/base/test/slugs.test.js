const assert = require('node:assert')
const test = require('node:test')
const { slug } = require('../lib/slugs')

test('slugs', () => {
  assert.equal(slug('What’s new?  In 2024'), 'whats-new-in-2024')
})
