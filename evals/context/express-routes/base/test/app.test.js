const test = require('node:test')
const assert = require('node:assert')
const { makeApp } = require('../src/app')

async function get(path) {
  const server = makeApp().listen(0)
  try {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}${path}`)
    return [answer.status, await answer.text()]
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

test('files', async () => assert.deepEqual(await get('/files/a/b'), [200, 'file a/b']))
test('one berth', async () => assert.deepEqual(await get('/berths/3'), [200, '{"id":"3"}']))
test('no berth', async () => assert.deepEqual(await get('/berths'), [200, '{"id":null}']))
test('gone', async () => assert.deepEqual(await get('/old'), [410, '{"gone":true}']))
