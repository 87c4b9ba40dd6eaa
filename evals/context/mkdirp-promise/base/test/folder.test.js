const test = require('node:test')
const assert = require('node:assert')
const { mkdtempSync, existsSync } = require('node:fs')
const { join } = require('node:path')
const { tmpdir } = require('node:os')
const { folder } = require('../src/folder')
const { now } = require('../src/now')

const root = mkdtempSync(join(tmpdir(), 'a-'))

test('makes', (_, done) => {
  folder(join(root, 'a/b'), (error, path) => {
    assert.ok(existsSync(path))
    done(error)
  })
})
test('now', () => assert.ok(existsSync(now(join(root, 'c/d')))))
