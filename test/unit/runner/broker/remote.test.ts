import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { Refusal } from '../../../../src/runner/broker/refusal.ts'
import { createRemote, type Remote, type RemoteRequest } from '../../../../src/runner/broker/remote/remote.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import { connection, type TestRegistry, testRegistry } from '../../../support/registry.ts'

const maxBytes = 1 << 20

/** Both ways out: what never changes, and what is asked for through a cache of HTTP. */
for (const way of ['without a cache', 'through a cache'] as const) {
  describe(`a remote, ${way}`, () => {
    let registry: TestRegistry
    let folder: Awaited<ReturnType<typeof temporaryFolder>>
    let respond: (response: ServerResponse, count: number) => void
    beforeEach(async () => {
      registry = await testRegistry({})
      folder = await temporaryFolder()
      let count = 0
      registry.intercept = (_, response) => {
        respond(response, ++count)
        return true
      }
    })
    afterEach(async () => {
      await registry[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    })

    const remote = (options = {}): Remote =>
      createRemote(registry.host.upstreams, { ...connection, minRetryDelayMs: 1, ...options })
    const request = (options: Partial<RemoteRequest> = {}): RemoteRequest => ({
      maxBytes,
      ...(way === 'through a cache' ? { cacheDir: folder.path } : {}),
      ...options,
    })
    const url = (): string => `${registry.url}file`

    it('asks again where the server says that it may do better, and no longer than was set', async () => {
      respond = (response, count) => response.writeHead(count < 3 ? 503 : 200).end('there')
      assert.equal(String((await remote({ retries: 2 })(url(), request())).body), 'there')
      respond = (response) => response.writeHead(503).end()
      assert.equal((await remote({ retries: 1 })(url(), request())).status, 503)
      assert.equal(registry.requests.length, 5)
    })

    it('asks again where the connection broke before an answer came', async () => {
      respond = (response, count) => (count === 1 ? response.destroy() : response.end('there'))
      assert.equal(String((await remote({ retries: 1 })(url(), request())).body), 'there')
    })

    it('decompresses, and bounds what comes of it', async () => {
      respond = (response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5000, 'a')))
      assert.equal((await remote()(url(), request())).body.length, 5000)
      await assert.rejects(remote()(url(), request({ maxBytes: 4999 })), Refusal)
    })

    it('says what happened where no answer comes in time', async () => {
      respond = () => {}
      const error = await remote({ retries: 0, timeoutMs: 1000 })(url(), request()).catch((one) => one)
      assert.ok(error instanceof Refusal)
      assert.equal(error.failure.code, 'registry-unreachable')
      assert.doesNotMatch(error.message, /UND_/)
    })

    it('ends with the signal', async () => {
      const ended = new AbortController()
      respond = () => ended.abort()
      await assert.rejects(remote()(url(), request({ signal: ended.signal })), { name: 'AbortError' })
    })

    it('lets an answer come no faster than it is read, and ends it where nobody reads on', async () => {
      let sent = 0
      const more = (response: ServerResponse): void => {
        const chunk = Buffer.alloc(1 << 16)
        while (!response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', () => more(response))
        }
      }
      let closed: Promise<unknown> | undefined
      respond = (response) => {
        closed = once(response, 'close')
        more(response)
      }
      const { body } = await remote().open(url(), request({ maxBytes: 1 << 30 }))
      await once(body, 'readable')
      // As much as sockets and windows hold: it stands still, where it would go on with each turn.
      for (let [before, still] = [0, 0]; still < 200; still = before === sent ? still + 1 : 0) {
        before = sent
        await new Promise((done) => setImmediate(done))
      }
      assert.ok(sent < 64 << 20, `${sent} bytes`)
      body.destroy()
      await closed
    })
  })
}

describe('a remote without a cache', () => {
  it('keeps the connection of a refusal that nobody reads', async () => {
    await using registry = await testRegistry({})
    let refusal: ServerResponse | undefined
    registry.intercept = ({ url }, response) => {
      response.writeHead(404).write('no such')
      if (url === '/other') response.end()
      else refusal = response
      return true
    }
    const open = async (name: string) =>
      (await createRemote(registry.host.upstreams, connection).open(`${registry.url}${name}`, { maxBytes }))
        .status
    assert.equal(await open('file'), 404)
    // By the time another connection was served, the first one would be closed.
    assert.equal(await open('other'), 404)
    assert.equal(refusal?.destroyed, false)
  })
})
