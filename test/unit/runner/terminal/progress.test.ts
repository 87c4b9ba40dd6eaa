import assert from 'node:assert/strict'
import type { Event } from '../../../../src/contract/events.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { plainDisplay } from '../../../../src/runner/terminal/progress.ts'

describe('the lines of a session off a terminal', () => {
  it('say that it waits for a slot when it begins to wait, and nothing where it need not', () => {
    const lines: string[] = []
    const display = plainDisplay((text) => lines.push(text), colors(false))
    const common = { v: 1, seq: 2, time: '2026-01-02T03:04:05.000Z', stage: 'queue' } as const
    display.show({ ...common, type: 'stage.started' } as Event)
    assert.deepEqual(lines, [])
    display.show({ ...common, type: 'stage.progress', message: 'other sessions are running' } as Event)
    assert.deepEqual(lines, ['… Wait for a free slot: other sessions are running\n'])
  })
})
