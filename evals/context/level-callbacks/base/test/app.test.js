const assert = require('assert')
const fs = require('fs')
const os = require('os')
const path = require('path')
const { after, before, test } = require('node:test')
const { promisify } = require('util')
const { start } = require('../lib/app')
const { idOf } = require('../lib/ids')

const timeout = 3000
let app
let folder

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bookmarkd-'))
  app = await promisify(start)({ folder, port: 0 })
}, { timeout })

after(async () => {
  if (app) await promisify(app.stop)()
  fs.rmSync(folder, { recursive: true })
}, { timeout })

async function call (method, url, body) {
  const res = await fetch(`http://127.0.0.1:${app.port}${url}`, { method, body: body && JSON.stringify(body) })
  return { status: res.status, body: await res.json() }
}

test('adds and counts', { timeout }, async () => {
  await call('POST', '/bookmarks', { url: 'http://a.test', tags: ['news'] })
  const { status, body } = await call('POST', '/bookmarks', { url: 'http://a.test', tags: ['news'] })
  assert.strictEqual(status, 200)
  assert.strictEqual(body.visits, 1)
})

test('what is not there', { timeout }, async () => {
  assert.strictEqual((await call('GET', '/bookmarks/none')).status, 404)
  assert.strictEqual((await call('DELETE', '/bookmarks/none')).status, 404)
})

test('by tag', { timeout }, async () => {
  await call('POST', '/bookmarks', { url: 'http://b.test', tags: ['news', 'fun'] })
  const urls = async (tag) => (await call('GET', `/tags/${tag}`)).body.map(({ url }) => url).sort()
  assert.deepStrictEqual(await urls('news'), ['http://a.test', 'http://b.test'])
  await call('DELETE', `/bookmarks/${idOf('http://b.test')}`)
  assert.deepStrictEqual(await urls('news'), ['http://a.test'])
  assert.deepStrictEqual(await urls('fun'), [])
})

test('no address', { timeout }, async () => {
  assert.deepStrictEqual(await call('POST', '/bookmarks', {}), { status: 400, body: { error: 'url is missing' } })
})
