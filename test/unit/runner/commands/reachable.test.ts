import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandContext } from '../../../../src/runner/commands/context.ts'
import { hostAnswer, modelAnswer } from '../../../../src/runner/commands/reachable.ts'

const { signal } = new AbortController()
const contextOf = (env: Readonly<Record<string, string | undefined>>, cwd = '/'): CommandContext =>
  ({ env, cwd, signal }) as CommandContext

describe('what the model’s server says to a key', () => {
  it('is none where there is none, and nobody is asked', async () => {
    assert.equal((await modelAnswer(contextOf({}))).state, 'bad')
  })

  for (const [status, state, said] of [
    [200, 'good', /takes it/],
    [401, 'bad', /refuses it \(401\)/],
    [403, 'bad', /refuses it \(403\)/],
    [404, 'unasked', /cannot be asked/],
    [500, 'bad', /answered 500/],
  ] as const) {
    it(`is ${state} where it answers ${status}`, async () => {
      const keys: (string | undefined)[] = []
      const server = createServer((request, response) => {
        keys.push(request.headers.authorization)
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ data: [], has_more: false, first_id: null, last_id: null }))
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      try {
        const { port } = server.address() as AddressInfo
        const env = { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}` }
        const answer = await modelAnswer(contextOf(env))
        assert.equal(answer.state, state)
        assert.match(answer.said, said)
        assert.deepEqual(keys, ['Bearer sk-test'])
      } finally {
        server.closeAllConnections()
        server.close()
      }
    })
  }

  it('is none where nobody listens', async () => {
    const env = { ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }
    const { state, said } = await modelAnswer(contextOf(env))
    assert.equal(state, 'bad')
    assert.match(said, /did not answer/)
  })
})

describe('what the code host says', () => {
  it('is not asked where the folder is no repository', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-no-repository-'))
    try {
      const { state, said } = await hostAnswer(contextOf({ PATH: process.env.PATH }, folder))
      assert.equal(state, 'unasked')
      assert.match(said, /no remote/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
