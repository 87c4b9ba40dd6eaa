import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import type { EventBody } from '../../../src/contract/events.ts'
import { traced } from '../../../src/runner/tracing.ts'
import { noControl } from '../../../src/store/control.ts'
import { createSession, type HoldOptions, holdSession } from '../../../src/store/session.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { sessionTask } from '../../support/sessionTask.ts'
import { answering, type StandInCollector, startCollector } from '../../support/telemetry/collector.ts'

const id = '20260102-030405-abc123'
const task = sessionTask(id)
const options: HoldOptions = { control: noControl }
const token = 'canary-of-a-collector-0123456789'
const finished = (outcome: 'awaiting-review' | 'rejected'): EventBody => ({
  ...{ type: 'session.finished', outcome },
  reason: 'So it is.',
})

/** What a command has of the world, and what it said on standard error. */
function world(env: Record<string, string>) {
  const stderr = new PassThrough()
  const said = () => String(stderr.read() ?? '')
  return { context: { env, stderr: stderr as unknown as NodeJS.WriteStream, version: '0.1.0' }, said }
}

const at = ({ url }: StandInCollector) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}`,
})
const wire = ({ received }: StandInCollector, from = 0) =>
  Buffer.concat(received.slice(from).map(({ body }) => body)).toString('latin1')

describe('a held session', () => {
  it('exports what its holder does, and each holder its own part', async () => {
    await using folder = await temporaryFolder()
    await using collector = await startCollector()
    const { context, said } = world(at(collector))
    const made = await traced(
      context,
      options,
      (more) => createSession(folder.path, task, 'drydock/0.1.0', more),
      task,
    )
    made.log.emit({ type: 'stage.started', stage: 'package' })
    made.log.emit({ ...{ type: 'stage.finished', stage: 'package', status: 'ok' }, durationMs: 1 })
    made.log.emit(finished('awaiting-review'))
    await made.release()
    const first = wire(collector)
    assert.ok(first.includes('package') && first.includes('awaiting-review'))
    const requests = collector.received.length

    const again = await traced(context, options, (more) => holdSession(folder.path, id, more))
    again.log.emit(finished('rejected'))
    await again.release()
    const second = wire(collector, requests)
    assert.ok(second.includes('rejected') && !second.includes('drydock.stage.name'))
    assert.equal(said(), '')
  })

  it('keeps the collector’s credentials out of its log', async () => {
    await using folder = await temporaryFolder()
    await using collector = await startCollector()
    const { context } = world(at(collector))
    const made = await traced(
      context,
      options,
      (more) => createSession(folder.path, task, 'drydock/0.1.0', more),
      task,
    )
    made.log.emit({ type: 'stage.progress', stage: 'package', message: `sent ${token}` })
    await made.release()
    const log = await readFile(join(folder.path, id, 'events.jsonl'), 'utf8')
    assert.ok(log.includes('sent [redacted]') && !log.includes(token))
    assert.equal(
      collector.received.every(({ headers }) => headers.authorization === `Bearer ${token}`),
      true,
    )
  })

  it('is not ended by a collector that refuses, or an address that is none: one sentence says so', async () => {
    await using collector = await startCollector(answering(500))
    for (const env of [at(collector), { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' }]) {
      await using folder = await temporaryFolder()
      const { context, said } = world(env)
      const made = await traced(
        context,
        options,
        (more) => createSession(folder.path, task, 'drydock/0.1.0', more),
        task,
      )
      made.log.emit(finished('awaiting-review'))
      assert.equal(made.view().outcome, 'awaiting-review')
      await made.release()
      assert.match(said(), /^traces: .*\n$/)
    }
  })
})
