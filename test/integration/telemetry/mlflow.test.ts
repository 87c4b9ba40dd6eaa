import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Event } from '../../../src/contract/events.ts'
import { traceId } from '../../../src/runner/telemetry/span.ts'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { assertGolden } from '../../support/golden.ts'
import { logOf } from '../../support/telemetry/logs.ts'
import { type Mlflow, type Span, type StoredTrace, startMlflow } from '../../support/telemetry/mlflow.ts'

const support = join(import.meta.dirname, '../../support/telemetry')

/** A session on disk whose log is this one. */
async function keep(home: string, log: readonly Event[]): Promise<string> {
  const [created] = log
  assert.ok(created?.type === 'session.created')
  const folder = join(home, 'sessions', created.task.id)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'task.json'), JSON.stringify(created.task))
  await writeFile(join(folder, 'events.jsonl'), log.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return created.task.id
}

function attribute(span: Span, key: string): string | undefined {
  return span.attributes.find((one) => one.key === key)?.value.string_value
}

function dollars(span: Span): string {
  const cost = span.attributes.find(({ key }) => key === 'mlflow.llm.cost')?.value.kvlist_value?.values ?? []
  return cost.map(({ key, value }) => `${key} ${value.double_value?.toFixed(6)}`).join(', ')
}

/** What a person sees of a trace over there: its tree with types and costs, its tags, and what was made of it. */
function drawn({ trace_info: info, spans }: StoredTrace): string {
  const tree = (parent: string | undefined, depth: number): string =>
    spans
      .filter(({ parent_span_id = undefined }) => (parent_span_id || undefined) === parent)
      .toSorted((a, b) => Number(a.start_time_unix_nano) - Number(b.start_time_unix_nano))
      .map((span) => {
        const cost = dollars(span)
        const events = (span.events ?? []).map(({ name }) => name).join(' ')
        const type = attribute(span, 'mlflow.spanType')
        const parts = [`${'  '.repeat(depth)}${span.name}`, type, span.status.code, cost, events]
        return `${parts.filter((part) => part !== '').join(' · ')}\n${tree(span.span_id, depth + 1)}`
      })
      .join('')
  const { assessments = [], tags, trace_metadata, state, execution_duration } = info
  const told = assessments
    .toSorted((a, b) => a.assessment_name.localeCompare(b.assessment_name))
    .map(({ assessment_id: _id, ...one }) => one)
  const sorted = (record: object) => Object.fromEntries(Object.entries(record).sort())
  const named = { ...tags, 'service.version': 'of the runner' }
  const rest = { state, execution_duration, tags: sorted(named), metadata: sorted(trace_metadata), told }
  return `${tree(undefined, 0)}\n${JSON.stringify(rest, null, 2)}\n`
}

describe('a session in MLflow', () => {
  let mlflow: Mlflow
  let drydock: Drydock
  before(async () => {
    ;[mlflow, drydock] = await Promise.all([startMlflow(), openDrydock()])
  })
  after(async () => {
    await mlflow?.[Symbol.asyncDispose]()
    await drydock?.[Symbol.asyncDispose]()
  })

  it('is one trace with its tree, costs, tags and assessments, sent once or twice', async () => {
    const log = await logOf('published')
    const id = await keep(drydock.home, log)
    const first = await drydock.run(['trace', id], mlflow.env)
    assert.match(first.stdout, /27 spans sent, without the words .*, 6 assessments written\.\n/, first.stderr)
    const stored = await mlflow.trace(traceId(id))
    assert.ok(stored)
    await assertGolden('mlflow.golden.txt', drawn(stored))

    const second = await drydock.run(['trace', id], mlflow.env)
    assert.match(second.stdout, / 0 assessments written\./, second.stderr)
    assert.deepEqual(await mlflow.trace(traceId(id)), stored)
  })

  it('is assessed anew where something else is known by now, and only there', async () => {
    const log = await logOf('published')
    const last = log.at(-1)
    assert.ok(last)
    const merged: Event = {
      ...{ v: 1, seq: last.seq + 1, time: '2026-03-09T10:00:00.000Z' },
      ...{ type: 'session.finished', outcome: 'merged', reason: 'Merged.' },
    }
    const id = await keep(drydock.home, [...log, merged])
    const { stdout, stderr } = await drydock.run(['trace', id], mlflow.env)
    assert.match(stdout, / 1 assessments written\./, stderr)
    const info = (await mlflow.trace(traceId(id)))?.trace_info
    assert.equal(info?.tags['drydock.outcome'], 'merged')
    const fate = info?.assessments?.find(({ assessment_name: name }) => name === 'pull_request')
    assert.deepEqual([fate?.feedback.value, fate?.source.source_type], ['merged', 'HUMAN'])
    assert.equal(info?.assessments?.length, 7)
  })

  it('of a runner that was killed is unfinished, and completed by a later export', async () => {
    const log = await logOf('review')
    const at = log.findLastIndex(({ type }) => type === 'agent.turn')
    const id = '20260304-090000-aaaaa2'
    const home = join(drydock.home, 'sessions')
    const words = [join(support, 'killedRunner.ts'), home, 'review', String(at + 1)]
    const runner = spawn(process.execPath, words, {
      env: { ...process.env, ...mlflow.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(runner.stdout, 'data')
    let early = await mlflow.trace(traceId(id))
    // The queue sends what it has after a second; the server tells nobody when it came.
    while (early === undefined) {
      await wait(100)
      early = await mlflow.trace(traceId(id))
    }
    const dead = once(runner, 'exit')
    runner.kill('SIGKILL')
    await dead
    assert.equal(early.trace_info.state, 'IN_PROGRESS')
    assert.ok(early.spans.every(({ parent_span_id: parent }) => parent))

    const { code, stderr } = await drydock.run(['trace', id], mlflow.env)
    assert.equal(code, 0, stderr)
    const late = await mlflow.trace(traceId(id))
    assert.equal(late?.trace_info.state, 'ERROR')
    assert.equal(late?.trace_info.tags['drydock.outcome'], 'interrupted')
    const ids = new Map(late?.spans.map((span) => [span.span_id, span]))
    assert.equal(ids.size, late?.spans.length)
    for (const { span_id: span } of early.spans) assert.ok(ids.has(span))
    const repair = late?.spans.find(({ name }) => name === 'repair')
    assert.equal(repair?.status.message, 'interrupted')
  })
})
