import assert from 'node:assert/strict'
import type { EventBody } from '../../../../src/contract/events.ts'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { stageFact, stageMs, workedMs } from '../../../../src/contract/states/stages.ts'
import { factsOf } from '../../../../src/contract/statistics/facts.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { plainLine } from '../../../../src/runner/terminal/progress.ts'
import { sessionTask } from '../../../support/sessionTask.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 2, 4, 9, 0, second)).toISOString()

type Finish = Pick<
  Extract<EventBody, { type: 'stage.finished' }>,
  'detail' | 'checks' | 'asOnBase' | 'status'
>

/** A session whose stage `verify` was started at these seconds and took so long, each time with an end. */
function sessionOf(
  role: 'base' | 'update',
  starts: readonly (readonly [from: number, seconds: number, end: Partial<Finish>])[],
) {
  const created = {
    type: 'session.created',
    task: sessionTask('20260304-090000-abc123'),
    runner: 'drydock/test',
  }
  const told = starts.flatMap(([from, seconds, end]) => [
    { time: at(from), type: 'stage.started', stage: 'verify', role },
    {
      ...{ time: at(from + seconds), type: 'stage.finished', stage: 'verify', role, status: 'ok' },
      ...{ durationMs: seconds * 1000, ...end },
    },
  ])
  const events = [{ time: at(0), ...created }, ...told].map((event, index) => ({
    v: 1,
    seq: index + 1,
    ...event,
  }))
  return { events: events as Parameters<typeof sessionView>[0], view: sessionView(events as never) }
}

describe('a stage that is started twice', () => {
  it('took as long as both, wherever it is told, without what lay between', () => {
    const { view } = sessionOf('update', [
      [1, 10, { checks: 'failed' }],
      [31, 5, {}],
    ])
    assert.equal(view.stages.length, 1)
    assert.deepEqual(view.stages.map(stageMs), [15_000])
    assert.equal(workedMs(view), 15_000)
    assert.deepEqual([factsOf(view).workMs, factsOf(view).stageMs.verify], [15_000, 15_000])
  })

  it('is marked by what its checks came to, until they are made again', () => {
    const mark = (starts: Parameters<typeof sessionOf>[1], role: 'base' | 'update' = 'update') => {
      const { view } = sessionOf(role, starts)
      return view.stages.map((stage) => stageFact(stage, view)).map(({ tone, text }) => `${tone} ${text}`)[0]
    }
    const red = [1, 10, { checks: 'failed' }] as const
    assert.equal(mark([red, [20, 5, {}]]), 'bad checks failed')
    assert.equal(mark([red, [20, 5, { checks: 'failed' }]], 'base'), 'warn checks failed')
    assert.equal(mark([red, [20, 5, { checks: 'passed' }]]), 'good ')
    const old = { checks: 'failed', asOnBase: true } as const
    assert.equal(mark([[1, 10, old]]), 'warn checks failed, as on the base')
    assert.equal(mark([[1, 10, old], red]), 'bad checks failed')
    assert.equal(
      mark([
        [1, 10, old],
        [20, 5, {}],
      ]),
      'warn checks failed, as on the base',
    )
  })

  it('has the same mark at a terminal', () => {
    const marks = (role: 'base' | 'update', end: Partial<Finish>) =>
      [...sessionOf(role, [[1, 10, end]]).events].flatMap(
        (event) => plainLine(event, colors(false)) ?? [],
      )[1]?.[0]
    assert.equal(marks('base', { checks: 'failed' }), '!')
    assert.equal(marks('update', { checks: 'failed' }), '✖')
    assert.equal(marks('update', { checks: 'failed', asOnBase: true }), '!')
    assert.equal(marks('update', { checks: 'passed' }), '✔')
    assert.equal(marks('update', { checks: 'failed', status: 'cancelled' }), '■')
  })
})
