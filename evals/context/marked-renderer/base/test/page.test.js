const test = require('node:test')
const assert = require('node:assert')
const { page } = require('../src/page')

test('headings go one down', () => assert.equal(page('# Tide'), '<h2>Tide</h2>\n'))
test('links are not followed', () => {
  assert.equal(page('[a](b)'), '<p><a rel="nofollow" href="b">a</a></p>\n')
})
