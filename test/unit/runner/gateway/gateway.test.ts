import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EventBody } from '../../../../src/contract/events.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { keepExchanges } from '../../../../src/runner/gateway/exchange.ts'
import { createGateway, type Gateway, type GatewayOptions } from '../../../../src/runner/gateway/gateway.ts'
import type { GatewayRun } from '../../../../src/runner/gateway/gatewayRun.ts'
import { readExchange } from '../../../../src/store/exchange.ts'
import { makeRedactor } from '../../../../src/store/redact.ts'
import { type ModelOptions, type PlayedModel, startModel } from '../../../support/model/server.ts'
import { redteamCases } from '../../../support/redteam.ts'

const key = 'sk-ant-CANARY-abcdef0123456789'
const model = 'claude-sonnet-5-5'

describe('the gateway', () => {
  let played: PlayedModel
  let events: EventBody[]
  let gateway: Gateway

  async function start(script: ModelOptions, options: Partial<GatewayOptions> = {}): Promise<void> {
    played = await startModel(script)
    events = []
    gateway = createGateway({
      connection: { apiKey: key, baseURL: played.url },
      budget: { usd: 5, wallClockMs: 60_000 },
      emit: (event) => events.push(event),
      retryDelayMs: 1,
      idleMs: 300,
      ...options,
    })
  }
  afterEach(() => played?.close())

  function open(maxTurns = 10, signal = new AbortController().signal, asked = model): GatewayRun {
    return gateway.openRun({
      runId: 'r1',
      attempt: 1,
      model: asked,
      system: 'You repair.',
      maxTurns,
      maxTokensCap: 16_000,
      signal,
    })
  }

  function message(seq: number, messages: object[] = [{ role: 'user', content: 'hi' }]): Buffer {
    const body = { max_tokens: 1000, messages }
    return Buffer.from(JSON.stringify({ v: 1, runId: 'r1', seq, type: 'messages.create', body }))
  }
  const never = new AbortController().signal

  /** Artifacts in memory, redacted as those of a session are. */
  function memory() {
    const kept = new Map<string, Buffer>()
    const redactor = makeRedactor([key, 'hunter2-hunter2'])
    return {
      kept,
      put: async (input: Buffer | string) => {
        const bytes = redactor.bytes(Buffer.from(input))
        const digest = createHash('sha256').update(bytes).digest('hex')
        kept.set(digest, bytes)
        return digest
      },
      get: async (digest: string) => kept.get(digest) ?? assert.fail(`${digest} was not kept`),
    }
  }
  const exchanges = () => events.flatMap((event) => (event.type === 'agent.turn' ? [event.exchange] : []))

  it('keeps the exact request and reply of each turn, each text once, and no secret', async () => {
    const artifacts = memory()
    const call = { name: 'Read', input: { path: 'a.ts' } }
    await start(
      { agent: [{ text: 'I look.', toolUses: [call] }, { text: 'ok' }] },
      { keep: keepExchanges(artifacts) },
    )
    const run = open()
    const first = await run.handle(message(1, [{ role: 'user', content: 'hi, hunter2-hunter2' }]), never)
    const content = 'content' in first.body ? first.body.content : []
    const id = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))[0]
    const result = { type: 'tool_result', tool_use_id: id, content: 'const a = 1' }
    const messages = [
      { role: 'user', content: 'hi, hunter2-hunter2' },
      { role: 'assistant', content },
      { role: 'user', content: [result] },
    ]
    await run.handle(message(2, messages), never)
    for (const [at, digest] of exchanges().entries()) {
      const { request, reply } = await readExchange(artifacts.get, digest ?? '')
      const { stream: _, ...sent } = JSON.parse(
        JSON.stringify(played.requests[at]?.body).replaceAll('hunter2-hunter2', '[redacted]'),
      )
      assert.deepEqual(JSON.parse(JSON.stringify(request)), sent)
      assert.equal(Object(reply).stop_reason, at === 0 ? 'tool_use' : 'end_turn')
    }
    assert.equal(exchanges().length, 2)
    const all = [...artifacts.kept.values()].join('\n')
    assert.ok(!all.includes('hunter2-hunter2') && !all.includes(key))
    assert.equal(all.split('You repair.').length, 2, 'the system prompt is kept once')
  })

  it('goes on where a request cannot be kept, and where too many were', async () => {
    const full = { put: () => Promise.reject(new Error('no space left')) }
    await start({ agent: [{ text: 'ok' }] }, { keep: keepExchanges(full) })
    assert.equal((await open().handle(message(1), never)).status, 200)
    assert.deepEqual(exchanges(), [undefined])
    await played.close()
    await start({ agent: [{ text: 'a' }, { text: 'b' }] }, { keep: keepExchanges(memory(), 1) })
    const run = open()
    await run.handle(message(1), never)
    await run.handle(message(2), never)
    const [kept, after] = exchanges()
    assert.ok(kept !== undefined && after === undefined)
  })

  it('builds the request itself: model, system, tools, cache marks, key, streaming', async () => {
    await start({ agent: [{ text: 'ok' }] })
    const answer = await open().handle(message(1), never)
    assert.deepEqual(answer, {
      status: 200,
      body: { content: [{ type: 'text', text: 'ok' }], stop_reason: 'end_turn' },
    })
    const asked = played.requests[0]
    assert.equal(asked?.headers.authorization, `Bearer ${key}`)
    assert.equal(asked?.body.stream, true)
    assert.deepEqual(
      asked?.body.tools?.map((tool) => tool.name),
      ['Read', 'Edit', 'Bash', 'Git', 'Verify', 'GiveUp'],
    )
    const marks = JSON.stringify(asked?.body).match(/cache_control/g)
    assert.equal(marks?.length, 2)
    assert.ok(!JSON.stringify(asked?.body).includes('thread'))
  })

  it('sends an auth token as a bearer token', async () => {
    await start({ judge: [{ text: 'ok' }] })
    const other = createGateway({
      connection: { authToken: 'token-1', apiKey: key, baseURL: played.url },
      budget: { usd: 5, wallClockMs: 60_000 },
      emit: () => {},
    })
    await other.complete({
      purpose: 'judge',
      model,
      maxTokens: 10,
      system: 's',
      messages: [{ role: 'user', content: 'x' }],
    })
    assert.equal(played.requests[0]?.headers.authorization, 'Bearer token-1')
  })

  it('logs turns and tool results', async () => {
    await start({
      agent: [
        { text: 'Look.\u001b[2J', toolUses: [{ id: 't1', name: 'Read', input: { path: 'a' } }] },
        { text: 'Done.' },
      ],
    })
    const run = open()
    const first = await run.handle(message(1), never)
    const content = 'content' in first.body ? first.body.content : []
    const history = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'text of a' }] },
    ]
    const second = await run.handle(message(2, history), never)
    assert.equal(second.status, 200)
    assert.deepEqual(
      events.map((event) => event.type),
      ['agent.turn', 'agent.toolResult', 'agent.turn'],
    )
    const [turn, result] = events
    assert.ok(
      turn?.type === 'agent.turn' &&
        turn.text === 'Look.\\x1b[2J' &&
        turn.toolCalls[0]?.input === '{"path":"a"}',
    )
    assert.ok(result?.type === 'agent.toolResult' && result.text === 'text of a' && result.turn === 1)
    assert.equal(run.turns, 2)
  })

  it('refuses more turns than allowed, replays, and anything after the end', async () => {
    await start({ agent: [{ text: 'a' }, { text: 'b' }] })
    const run = open(1)
    assert.equal((await run.handle(message(1), never)).status, 200)
    assert.equal((await run.handle(message(1), never)).status, 400)
    assert.equal((await run.handle(message(2), never)).status, 429)
    assert.equal(run.end?.reason, 'turn-limit')
    assert.equal((await run.handle(message(3), never)).status, 409)
    const closed = open()
    closed.close()
    assert.equal((await closed.handle(message(1), never)).status, 409)
    assert.equal(played.count('agent'), 1)
  })

  const recoverable = [
    'rate-limit',
    'overloaded',
    'server-error',
    'drop-connection',
    'drop-stream',
    'stall-stream',
    'malformed-json',
    'malformed-sse',
    'stream-error',
  ] as const
  for (const kind of recoverable) {
    it(`goes on after ${kind}`, async () => {
      await start({ agent: [{ text: 'ok' }], faults: [{ request: 1, kind, retryAfterSeconds: 0.05 }] })
      const answer = await open().handle(message(1), never)
      assert.equal(answer.status, 200)
      assert.equal(played.count('agent'), 2)
      const retried = events.filter((event) => event.type === 'model.retried')
      assert.equal(retried.length, 1)
      if (kind === 'rate-limit') assert.ok(retried[0] && retried[0].delayMs >= 50)
    })

    it(`ends in model-error when ${kind} stays`, async () => {
      await start({ agent: [], faults: [{ request: 1, kind, times: 99 }] }, { retries: 2 })
      const run = open()
      const answer = await run.handle(message(1), never)
      assert.deepEqual([answer.status, run.end?.reason], [502, 'model-error'])
      assert.equal(played.count('agent'), 3)
    })
  }

  it('does not retry what cannot help, and shows no key', async () => {
    await start({ agent: [], judge: [], faults: [{ request: 1, kind: 'unauthorized', times: 9 }] })
    const run = open()
    const answer = await run.handle(message(1), never)
    assert.equal(answer.status, 502)
    assert.equal(played.count('agent'), 1)
    const seen = JSON.stringify([answer, run.end, events])
    assert.ok(!seen.includes('CANARY'), seen)
    assert.match(run.end?.detail ?? '', /401 authentication_error: invalid x-api-key: \[redacted\]/)
  })

  it('says what a proxy says in a form of its own, and no more where it says nothing', async () => {
    const answers = ['{"message":"Forbidden"}', '<h1>Forbidden</h1>']
    const proxy = createServer((_, response) => {
      const body = answers.shift() ?? ''
      const type = body.startsWith('{') ? 'application/json' : 'text/html'
      response.writeHead(403, { 'content-type': type }).end(body)
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const { port } = proxy.address() as AddressInfo
    try {
      const details: (string | undefined)[] = []
      for (const _ of [...answers]) {
        await start({ agent: [] }, { connection: { apiKey: key, baseURL: `http://127.0.0.1:${port}` } })
        const run = open()
        await run.handle(message(1), never)
        details.push(run.end?.detail)
        await played.close()
      }
      assert.deepEqual(
        details.map((one) => one?.replace(/^.*?(403)/, '$1')),
        ['403 error: Forbidden', '403 error'],
      )
    } finally {
      proxy.close()
    }
  })

  it('reserves the worst case before a call and settles after', async () => {
    await start(
      { agent: [{ text: 'a', usage: { input_tokens: 1000, output_tokens: 100 } }, { text: 'b' }] },
      {
        budget: { usd: 0.031, wallClockMs: 60_000 },
      },
    )
    const run = open()
    assert.equal((await run.handle(message(1), never)).status, 200)
    assert.deepEqual(gateway.spent(), { usd: (1000 * 2 + 100 * 10) / 1e6, tokens: 1100 })
    const big = message(2, [{ role: 'user', content: 'x'.repeat(8000) }])
    const answer = await run.handle(big, never)
    assert.deepEqual([answer.status, run.end?.reason], [402, 'budget'])
    assert.equal(played.count('agent'), 1)
  })

  it('ends by the session\u2019s time, in the middle of a call', async () => {
    await start(
      { agent: [], faults: [{ request: 1, kind: 'stall-stream' }] },
      {
        idleMs: 30_000,
        budget: { usd: 5, wallClockMs: 150 },
      },
    )
    const run = open()
    assert.equal((await run.handle(message(1), never)).status, 402)
    assert.equal(run.end?.reason, 'budget')
  })

  it('is cancelled in the middle of a call', async () => {
    await start({ agent: [], faults: [{ request: 1, kind: 'stall-stream' }] }, { idleMs: 30_000 })
    const controller = new AbortController()
    const run = open(10, controller.signal)
    const answering = run.handle(message(1), never)
    setTimeout(() => controller.abort(), 50)
    await answering
    assert.equal(run.end?.reason, 'cancelled')
  })

  it('warns once of a model whose price is not known, and counts it dear', async () => {
    await start({ judge: [{ text: 'a', usage: { input_tokens: 1_000, output_tokens: 0 } }, { text: 'b' }] })
    const request = {
      purpose: 'judge' as const,
      model: 'local-1',
      maxTokens: 10,
      system: 's',
      messages: [{ role: 'user' as const, content: 'x' }],
    }
    const first = await gateway.complete(request)
    await gateway.complete(request)
    assert.equal(first.costUsd, 0.015)
    assert.deepEqual(
      events.map((event) => (event.type === 'warning.raised' ? event.warning.code : event.type)),
      ['unknown-price:local-1'],
    )
  })

  it('asks nothing without a key', async () => {
    await start({ judge: [] }, { connection: {} })
    assert.equal(gateway.hasKey, false)
    const asked = gateway.complete({ purpose: 'judge', model, maxTokens: 1, system: 's', messages: [] })
    await assert.rejects(asked, (error) => error instanceof DrydockError && error.failure.code === 'no-key')
  })

  describe('red-team cases', () => {
    const cases = redteamCases('gateway')
    if (cases.length === 0) it.skip('the shared cases are not here')
    for (const entry of cases) {
      it(`${entry.id} ${entry.expect}: ${entry.why.slice(0, 60)}`, async () => {
        const sent = entry.input.message as { seq?: number; rawBytes?: string }
        const state = entry.input.state as { lastSeq: number } | undefined
        const unauthorized = entry.input.upstream !== undefined
        await start({
          agent: Array.from({ length: 20 }, () => ({ text: 'ok' })),
          faults: unauthorized ? [{ request: 10, kind: 'unauthorized' }] : [],
        })
        const policy = entry.input.policy as { model: string }
        const run = open(100, never, policy.model)
        // The run is brought to the sequence number before the case's, as its state says.
        const before = state?.lastSeq ?? (sent.seq ?? 1) - 1
        for (let seq = 1; seq <= before; seq += 1)
          assert.equal((await run.handle(message(seq), never)).status, 200)
        const bytes =
          sent.rawBytes === undefined
            ? Buffer.from(JSON.stringify(sent))
            : Buffer.concat([Buffer.from('{"v":1,"body":"'), Buffer.alloc(67_108_864, 0x41)])
        const answer = await run.handle(bytes, never)
        const seen = JSON.stringify([answer, events, run.end])
        assert.ok(!seen.includes('CANARY'))
        if (entry.expect === 'allow') assert.equal(answer.status, 200)
        else assert.notEqual(answer.status, 200)
        if (entry.expect === 'deny') assert.equal(played.requests.length, before)
      })
    }
  })
})
