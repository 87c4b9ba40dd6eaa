import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Event } from '../../../../src/contract/events.ts'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { openLiveTrace } from '../../../../src/runner/telemetry/live.ts'
import { exportTrace } from '../../../../src/runner/telemetry/reexport.ts'
import { type TelemetrySettings, telemetrySettings } from '../../../../src/runner/telemetry/settings.ts'
import { deferred } from '../../../support/deferred.ts'
import { answering, hanging, startCollector } from '../../../support/telemetry/collector.ts'
import { logOf } from '../../../support/telemetry/logs.ts'

const session = '20260304-090000-aaaaa9'

async function settingsAt(url: string, more: Record<string, string> = {}): Promise<TelemetrySettings> {
  const settings = await telemetrySettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...more })
  assert.ok(settings)
  return settings
}

/** Runs a session's events through a live trace: what it says at its end, and how long that took, ms. */
async function run(settings: TelemetrySettings, log: readonly Event[], before: readonly Event[] = []) {
  const live = openLiveTrace({ settings, session, version: '0.1.0', before })
  for (const event of log) live.add(event)
  const started = performance.now()
  const said = await live.end()
  return { said, tookMs: performance.now() - started }
}

/** An address on which nobody listens any more. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return `http://127.0.0.1:${port}`
}

describe('a live trace', () => {
  let log: readonly Event[]
  before(async () => {
    log = await logOf('published')
  })

  it('arrives whole, with the headers that were asked for', async () => {
    await using collector = await startCollector()
    const settings = await settingsAt(collector.url, {
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abcdefgh1234',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=laboratory',
    })
    const { said } = await run(settings, log)
    assert.equal(said, undefined)
    const text = Buffer.concat(collector.received.map(({ body }) => body)).toString('latin1')
    for (const [name] of Object.entries(settings.headers))
      assert.equal(collector.received[0]?.headers[name], 'Bearer abcdefgh1234')
    assert.match(String(collector.received[0]?.headers['user-agent']), /^drydock\/0\.1\.0 /)
    for (const word of ['laboratory', 'execute_tool Verify', 'prepare base', 'drydock dependency-update'])
      assert.ok(text.includes(word), word)
  })

  it('goes on with what a later holder does, without the spans of the earlier one', async () => {
    await using collector = await startCollector()
    const review = log.findIndex(({ type }) => type === 'review.approved')
    const { said } = await run(await settingsAt(collector.url), log.slice(review), log.slice(0, review))
    assert.equal(said, undefined)
    const text = Buffer.concat(collector.received.map(({ body }) => body)).toString('latin1')
    assert.ok(text.includes('publish') && text.includes('drydock dependency-update'))
    assert.ok(!text.includes('prepare base'))
  })

  it('costs a run at most a second where the collector hangs, and says so in one sentence', async () => {
    await using collector = await startCollector(hanging)
    const { said, tookMs } = await run(await settingsAt(collector.url), log)
    assert.ok(tookMs < 1_500, `${tookMs}`)
    assert.match(said ?? '', /27 of 28 spans|28 of 28 spans/)
    assert.match(said ?? '', new RegExp(`drydock trace ${session}`))
  })

  it('costs a run nothing where the collector was silent long before its end', async () => {
    const asked = deferred<void>()
    await using collector = await startCollector(() => asked.resolve())
    const settings = await settingsAt(collector.url)
    const live = openLiveTrace({ settings, session, version: '0.1.0', before: [] })
    const half = Math.ceil(log.length / 2)
    for (const event of log.slice(0, half)) live.add(event)
    await asked.promise
    await delay(1_000)
    for (const event of log.slice(half)) live.add(event)
    const started = performance.now()
    const said = await live.end()
    const tookMs = performance.now() - started
    assert.ok(tookMs < 500, `${tookMs}`)
    assert.match(said ?? '', /did not take 28 of 28 spans/)
  })

  it('costs a run at most a second where nobody listens, or each answer is a refusal', async () => {
    for (const status of [400, 401, 500, 503]) {
      await using collector = await startCollector(answering(status))
      const { said, tookMs } = await run(await settingsAt(collector.url), log)
      assert.ok(tookMs < 1_500, `${status}: ${tookMs}`)
      assert.match(said ?? '', /did not take/)
      assert.ok(!said?.includes('CANARY'), said)
    }
    const { said, tookMs } = await run(await settingsAt(await closedAddress()), log)
    assert.ok(tookMs < 1_500, `${tookMs}`)
    assert.match(said ?? '', /did not take/)
  })

  it('keeps a bounded number of spans where a collector takes none', async () => {
    await using collector = await startCollector(hanging)
    const settings = await settingsAt(collector.url)
    const live = openLiveTrace({ settings, session, version: '0.1.0', before: [] })
    const [created] = log
    assert.ok(created)
    live.add(created)
    for (let seq = 2; seq < 60_000; seq += 2) {
      const stage = { v: 1, time: created.time, stage: 'verify', role: 'base' } as const
      live.add({ ...stage, type: 'stage.started', seq })
      live.add({ ...stage, type: 'stage.finished', seq: seq + 1, status: 'ok', durationMs: 0 })
    }
    const said = await live.end()
    assert.match(said ?? '', /29999 of 29999 spans/)
    // What was sent and not answered is the queue and what was on its way, not all of it.
    const sent = collector.received.reduce((sum, { body }) => sum + body.length, 0)
    assert.ok(sent < 4_000_000, `${sent}`)
  })
})

describe('an export of a session that is over', () => {
  it('sends the whole trace, and says in a failure of its own that it did not', async () => {
    const log = await logOf('published')
    await using collector = await startCollector()
    const done = await exportTrace(await settingsAt(collector.url), session, '0.1.0', log)
    assert.deepEqual([done.spans, done.complete, done.assessments], [27, true, undefined])
    await using refusing = await startCollector(answering(403))
    const refused = exportTrace(await settingsAt(refusing.url), session, '0.1.0', log)
    await assert.rejects(refused, (error: unknown) => {
      assert.ok(error instanceof DrydockError)
      assert.equal(error.failure.code, 'collector-failed')
      assert.match(error.failure.message, /status 403/)
      return !JSON.stringify(error.failure).includes('CANARY')
    })
  })
})
