import assert from 'node:assert/strict'
import * as small from '../../../../sandbox/agent/web.ts'

describe('the web’s classes as the engine carries them', () => {
  it('keep headers as Node’s own do', () => {
    const seen = [small.Headers, Headers].map((Kind) => {
      const headers = new Kind({ 'Content-Type': 'text/plain' })
      headers.append('X-Helper', 'one')
      headers.append('x-helper', 'two')
      headers.set('ACCEPT', 'a')
      headers.set('accept', 'b')
      headers.set('gone', '1')
      headers.delete('Gone')
      const again = new Kind([...headers.entries()])
      return [
        [...headers.entries()].sort(),
        [...again.entries()].sort(),
        headers.get('x-HELPER'),
        headers.has('content-type'),
        headers.has('gone'),
        headers.get('gone') ?? 'nothing',
        headers instanceof Kind,
      ]
    })
    assert.deepEqual(seen[0], seen[1])
  })

  it('answer as Node’s own do', async () => {
    for (const status of [200, 402, 502]) {
      const init = { status, headers: { 'Content-Type': 'application/json' } }
      const seen = await Promise.all(
        [small.Response, Response].map(async (Kind) => {
          const made = () => new Kind('{"a": [1]}', init)
          const { ok, status } = made()
          return [ok, status, made().headers.get('content-type'), await made().text(), await made().json()]
        }),
      )
      assert.deepEqual(seen[0], seen[1])
    }
  })
})
