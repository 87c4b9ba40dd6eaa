import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Event } from '../../../../src/contract/events.ts'
import { foldTrace, traceOf } from '../../../../src/runner/telemetry/fold.ts'
import { spanId, type TraceSpan, traceId } from '../../../../src/runner/telemetry/span.ts'
import { assertGolden, readGolden } from '../../../support/golden.ts'
import { interrupted, logOf } from '../../../support/telemetry/logs.ts'

const plain = { content: false }

/** The tree as a person reads it, two spaces a level, in order of start. */
function drawn(spans: readonly TraceSpan[], parent?: string, depth = 0): string {
  return spans
    .filter((span) => span.parent === parent)
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((span) => {
      const line = `${'  '.repeat(depth)}${span.name} · ${span.status} · ${span.endMs - span.startMs} ms`
      return `${line}\n${drawn(spans, span.id, depth + 1)}`
    })
    .join('')
}

async function fixtures(): Promise<readonly (readonly [string, readonly Event[]])[]> {
  const names = (await readdir(join(import.meta.dirname, '../../../fixtures/sessions')))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
  return Promise.all(names.map(async (name) => [name, await logOf(name)] as const))
}

describe('trace of a session', () => {
  it('is the tree of its stages, attempts, turns, tool calls and judge', async () => {
    const { spans, assessments } = traceOf(await logOf('published'), plain)
    const text = `${drawn(spans)}\n${JSON.stringify({ spans, assessments }, null, 2)}\n`
    await assertGolden('trace.golden.txt', text)
  })

  it('has every span below one that it has, within the time of the session, and each id once', async () => {
    for (const [name, log] of await fixtures()) {
      const { spans } = traceOf([...log, interrupted(log)], plain)
      const ids = new Set(spans.map(({ id }) => id))
      assert.equal(ids.size, spans.length, name)
      assert.equal(spans.filter(({ parent }) => parent === undefined).length, 1, name)
      const root = spans.find(({ parent }) => parent === undefined)
      assert.ok(root)
      for (const span of spans) {
        assert.match(span.id, /^[0-9a-f]{16}$/)
        if (span.parent !== undefined) assert.ok(ids.has(span.parent), `${name}: ${span.name}`)
        assert.ok(span.startMs <= span.endMs, `${name}: ${span.name}`)
        assert.ok(span.startMs >= root.startMs && span.endMs <= root.endMs, `${name}: ${span.name}`)
      }
    }
  })

  it('comes in parts to what it is as a whole', async () => {
    for (const [name, log] of await fixtures()) {
      const fold = foldTrace(plain)
      const spans = new Map<string, TraceSpan>()
      for (const event of log) for (const span of fold.add(event)) spans.set(span.id, span)
      assert.deepEqual([...spans.values()], traceOf(log, plain).spans, name)
    }
  })

  it('is never complete before the session has an outcome, and no span of it is another one then', async () => {
    const log = await logOf('published')
    const whole = new Map(traceOf(log, plain).spans.map((span) => [span.id, span]))
    for (let length = 1; length < log.length; length += 1) {
      const cut = log.slice(0, length)
      const early = traceOf(cut, plain).spans
      const hasEnded = cut.some(({ type }) => type === 'session.finished')
      assert.equal(
        early.some(({ parent }) => parent === undefined),
        hasEnded,
        `${length}`,
      )
      for (const span of early) if (span.parent !== undefined) assert.deepEqual(span, whole.get(span.id))
      // Whoever finds the dead session completes its trace: under the same ids, with nothing left hanging.
      const { spans } = traceOf([...cut, interrupted(cut)], plain)
      const ids = new Set(spans.map(({ id }) => id))
      assert.ok(ids.has(spanId('20260304-090000-aaaaa9', 'session')), `${length}`)
      for (const { parent, name } of spans)
        assert.ok(parent === undefined || ids.has(parent), `${length} ${name}`)
    }
  })

  it('has what the agent made the runner do below the call that asked for it', async () => {
    const log = await logOf('published')
    const at = log.findLastIndex(({ type }) => type === 'agent.turn')
    const turn = log[at]
    assert.ok(turn?.type === 'agent.turn')
    assert.deepEqual(
      turn.toolCalls.map(({ name }) => name),
      ['Verify'],
    )
    const stage = { v: 1, time: turn.time, stage: 'verify', role: 'advisory', attempt: 1 } as const
    const inside: readonly Event[] = [
      { ...stage, type: 'stage.started', seq: 1001 },
      { ...stage, type: 'stage.finished', seq: 1002, status: 'ok', durationMs: 0 },
    ]
    const { spans } = traceOf([...log.slice(0, at + 1), ...inside, ...log.slice(at + 1)], plain)
    const advisory = spans.find(({ name }) => name === 'verify advisory')
    const call = spans.find(({ name }) => name === 'execute_tool Verify')
    assert.equal(advisory?.parent, call?.id)
    assert.ok(call !== undefined)
  })

  it('has containers below the stage that started them, and says what ended them', async () => {
    const log = (await readGolden('events-v1-containers.jsonl')).trimEnd().split('\n')
    const { spans } = traceOf(
      log.map((line) => Event.parse(JSON.parse(line))),
      plain,
    )
    const stages = new Map(spans.map(({ id, name }) => [id, name]))
    const found = spans
      .filter(({ kind }) => kind === 'container')
      .map(({ name, parent = '', endMs, startMs, attributes }) =>
        [stages.get(parent), name, endMs - startMs, attributes['error.type'] ?? 'none'].join(' · '),
      )
    assert.deepEqual(found, [
      'prepare base · container install · 900 · none',
      'verify base · container project · 800 · timeout',
      'verify base · container project · 700 · out_of_memory',
      // No stage is named: it stands below the session, which has no end in this log.
      ' · container agent · 400 · none',
    ])
  })

  it('has ids of its own for each session, and the same ones each time', () => {
    assert.equal(traceId('20260304-090000-aaaaa9'), 'd7f85acf38b32483768f0fe0cb748323')
    assert.notEqual(traceId('a'), traceId('b'))
    assert.notEqual(spanId('a', '1'), spanId('b', '1'))
    assert.match(traceId('a'), /^[0-9a-f]{32}$/)
  })

  it('says of a person’s decisions that they are none of a fault, and of the others what they were', async () => {
    const of = async (name: string): Promise<TraceSpan | undefined> =>
      traceOf(await logOf(name), plain).spans.find(({ parent }) => parent === undefined)
    assert.equal((await of('published'))?.status, 'ok')
    assert.equal((await of('cancelled'))?.status, 'unset')
    const vetoed = await of('vetoed')
    assert.equal(vetoed?.status, 'error')
    assert.equal(vetoed?.attributes['error.type'], 'vetoed')
    assert.equal(vetoed?.attributes['mlflow.traceTag.drydock.outcome'], 'vetoed')
  })
})
