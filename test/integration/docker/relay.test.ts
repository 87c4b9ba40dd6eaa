import assert from 'node:assert/strict'
import { once } from 'node:events'
import { DrydockError } from '../../../src/contract/failure.ts'
import { encodeFrame } from '../../../src/contract/frames.ts'
import type { RelayHandler, RelayLimits } from '../../../src/runner/docker/relay.ts'
import type { Image } from '../../../src/runner/docker/sandbox.ts'
import { serveRelay } from '../../../src/runner/docker/serveRelay.ts'
import { type TestSandbox, testSandbox } from '../../support/sandbox.ts'

const LIMITS: RelayLimits = { maxRequestBytes: 8 * 1024 * 1024, maxOutputBytes: 64 * 1024, maxConcurrent: 16 }
const MEGABYTE = Buffer.alloc(1024 * 1024, 'x')

const text = (status: number, body: string) => ({ status, headers: {}, body: Buffer.from(body) })

describe('relay', () => {
  let box: TestSandbox
  let image: Image
  before(async () => {
    box = await testSandbox()
    image = await box.image()
  })
  after(() => box[Symbol.asyncDispose]())

  const run = async (
    script: string,
    handler: RelayHandler,
    options: { readonly limits?: Partial<RelayLimits>; readonly signal?: AbortSignal } = {},
  ) => {
    const command = ['node', '/drydock/relay.mjs', '--port', '4873', '--', 'node', '-e', script]
    const container = await box.sandbox.start({ kind: 'install', image, command })
    const signal = options.signal ?? new AbortController().signal
    const end = await serveRelay(container, handler, { ...LIMITS, ...options.limits }, signal)
    return { ...end, text: end.output.toString() }
  }
  // What a hostile program writes straight to the container's stdout.
  const hostile = async (bytes: string) => {
    const command = [
      'node',
      '-e',
      `process.stdout.write(Buffer.from('${bytes}', 'hex')); setTimeout(() => {}, 60000)`,
    ]
    const container = await box.sandbox.start({ kind: 'install', image, command })
    return serveRelay(container, async () => text(200, ''), LIMITS, new AbortController().signal)
  }

  it('carries a request and its answer, and the exit code and output of its child', async () => {
    const seen: unknown[] = []
    const script = `
      const r = await fetch('http://127.0.0.1:4873/a/b?c=d', { method: 'POST', body: 'ping', headers: { 'x-one': '1' } })
      console.log(r.status, r.headers.get('x-two'), await r.text()); console.error('to stderr'); process.exitCode = 7`
    const end = await run(script, async (request) => {
      seen.push([request.method, request.target, request.headers['x-one'], request.body.toString()])
      return { status: 201, headers: { 'x-two': '2' }, body: Buffer.from('pong') }
    })
    assert.deepEqual(seen, [['POST', '/a/b?c=d', '1', 'ping']])
    assert.match(end.text, /201 2 pong\n/)
    assert.match(end.text, /to stderr/)
    assert.equal(end.exitCode, 7)
  })

  it('streams a body of 50 MB while the client reads slowly at first', async () => {
    let sent = 0
    async function* body() {
      for (let count = 0; count < 50; count++) {
        sent = count + 1
        yield MEGABYTE
      }
    }
    let sentAtHold = 0
    const script = `
      const r = await fetch('http://127.0.0.1:4873/big')
      await fetch('http://127.0.0.1:4873/hold')
      let n = 0; for await (const chunk of r.body) n += chunk.length
      console.log(n)`
    const end = await run(script, async (request) => {
      if (request.target === '/big') return { status: 200, headers: {}, body: body() }
      sentAtHold = sent
      return text(200, '')
    })
    assert.match(end.text, new RegExp(`^${50 * MEGABYTE.length}\n$`))
    assert.ok(
      sentAtHold < 40,
      `back-pressure: ${sentAtHold} of 50 MB were sent to a client that did not read`,
    )
  })

  it('answers many requests at once, in any order', async () => {
    const script = `
      const all = await Promise.all(Array.from({ length: 200 }, async (_, i) => {
        const r = await fetch('http://127.0.0.1:4873/' + i, { method: 'PUT', body: 'b' + i }); return r.text() }))
      console.log(all.every((t, i) => t === i + ':b' + i))`
    let running = 0
    let most = 0
    const end = await run(script, async (request) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return text(200, `${request.target.slice(1)}:${request.body}`)
    })
    assert.equal(end.text, 'true\n')
    assert.ok(most <= LIMITS.maxConcurrent, `${most} handlers at once`)
  })

  it('refuses a body beyond the limit and goes on', async () => {
    const script = `
      const big = await fetch('http://127.0.0.1:4873/', { method: 'POST', body: Buffer.alloc(9e6) })
      const small = await fetch('http://127.0.0.1:4873/', { method: 'POST', body: 'x' })
      console.log(big.status, small.status)`
    const end = await run(script, async () => text(200, ''))
    assert.equal(end.text, '413 200\n')
  })

  it('answers 502 where the handler fails, and breaks off where its body fails', async () => {
    async function* failing() {
      yield Buffer.from('begin')
      throw new Error('upstream broke')
    }
    const script = `
      const a = await fetch('http://127.0.0.1:4873/throws'); const said = await a.text()
      const b = await fetch('http://127.0.0.1:4873/breaks').then((r) => r.text()).then(() => 'whole', () => 'broken off')
      console.log(a.status, said.trim(), b)`
    const end = await run(script, async (request) => {
      if (request.target === '/throws') throw new Error('secret detail')
      return { status: 200, headers: {}, body: failing() }
    })
    assert.equal(end.text, '502 The runner could not answer. broken off\n')
  })

  it('tells the handler when the client goes away', async () => {
    let aborted: Promise<unknown> | undefined
    const script = `
      const abort = new AbortController()
      const asked = fetch('http://127.0.0.1:4873/slow', { signal: abort.signal }).catch(() => {})
      await fetch('http://127.0.0.1:4873/other'); abort.abort(); await asked
      await fetch('http://127.0.0.1:4873/after')`
    let afterwards = false
    await run(script, async (request, signal) => {
      if (request.target === '/slow') {
        aborted = once(signal, 'abort')
        await aborted
        throw signal.reason
      }
      if (request.target === '/after') afterwards = (await aborted?.then(() => true)) ?? false
      return text(200, '')
    })
    assert.ok(afterwards)
  })

  it('ends when the run is cancelled', async () => {
    const abort = new AbortController()
    const script = `await fetch('http://127.0.0.1:4873/x'); setTimeout(() => {}, 60000)`
    const end = await run(
      script,
      async () => {
        abort.abort()
        return text(200, '')
      },
      { signal: abort.signal },
    )
    assert.equal(end.exitCode, null)
    assert.equal(end.cancelled, true)
  })

  it('keeps head and tail of a flood of output', async () => {
    const script = `console.log('first'); for (let i = 0; i < 1e6; i++) console.log('flood ' + i); console.log('last')`
    const end = await run(script, async () => text(200, ''))
    assert.ok(end.truncated)
    assert.ok(end.output.length < LIMITS.maxOutputBytes + 100)
    assert.match(end.text, /^first\n/)
    assert.match(end.text, /last\n$/)
  })

  const prefix = (header: number, payload: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32BE(header, 0)
    bytes.writeUInt32BE(payload, 4)
    return bytes
  }
  const raw = (json: string) => Buffer.concat([prefix(json.length, 0), Buffer.from(json)])
  const request = encodeFrame({ type: 'request', id: 5, method: 'GET', target: '/', headers: {} })
  const malformed: Record<string, Buffer> = {
    'a header that is too long': prefix(65 * 1024, 0),
    'a payload that is too long': prefix(10, 2 * 1024 * 1024),
    'no JSON': raw('}{'),
    'an unknown type': raw('{"type":"exec","id":1}'),
    'an unknown field': raw('{"type":"request.end","id":1,"extra":true}'),
    'a body for no request': encodeFrame({ type: 'request.body', id: 9 }, MEGABYTE.subarray(0, 10)),
    'ids that go back': Buffer.concat([request, request]),
    'more taken than sent': Buffer.concat([
      request,
      encodeFrame({ type: 'response.taken', id: 5, bytes: 5 }),
    ]),
    'bytes that are no frames': Buffer.from('npm warn this is plain text, not frames'),
  }
  for (const [name, bytes] of Object.entries(malformed)) {
    it(`ends the run on ${name}`, async () => {
      await assert.rejects(
        hostile(bytes.toString('hex')),
        (error: unknown) => error instanceof DrydockError && error.failure.code === 'agent-broken',
      )
    })
  }
})
