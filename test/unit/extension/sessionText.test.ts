import assert from 'node:assert/strict'
import { Outcome } from '../../../src/contract/events.ts'
import { age, groupOf, needsAttention, sessionText } from '../../../src/extension/sessions/sessionText.ts'
import { bareSummary, type SessionSummary } from '../../../src/extension/sessions/summary.ts'

const now = Date.parse('2026-11-22T12:00:00.000Z')
const summary = (changes: Partial<SessionSummary>): SessionSummary => ({
  ...bareSummary('20261122-115500-abc123', 'running', null),
  title: 'ms 2.0.0 → 2.1.3',
  updatedAt: '2026-11-22T11:58:00.000Z',
  ...changes,
})

describe('session text', () => {
  it('says stage, turn, cost and age of a session at work', () => {
    const row = summary({ stage: 'Repair, attempt 1', attempt: 1, turns: 3, maxTurns: 10, costUsd: 0.123 })
    const { description, menu, group } = sessionText(row, now)
    assert.equal(description, 'Repair, attempt 1 · turn 3 of 10 · $0.12 · 5 min')
    assert.deepEqual([menu, group], ['running', 'running'])
  })

  it('says what a waiting session lacks', () => {
    const waiting = summary({ state: 'waiting', outcome: 'awaiting-review', openWarnings: 2 })
    assert.equal(sessionText(waiting, now).description, 'not verified · not judged · 2 warnings · 2 min')
    const good = { ...waiting, standing: 'tests' as const, judged: true, openWarnings: 1 }
    assert.equal(sessionText(good, now).description, '1 warning · 2 min')
    const steps = { ...good, standing: 'steps' as const, openWarnings: 0 }
    assert.equal(sessionText(steps, now).description, 'green without a test · 2 min')
  })

  it('has an icon, words and a place for every outcome', () => {
    for (const outcome of Outcome.options) {
      const state = outcome === 'awaiting-review' ? 'waiting' : 'done'
      const text = sessionText(summary({ state, outcome }), now)
      assert.ok(text.icon !== '' && text.tooltip.includes('\n'), outcome)
      assert.equal(text.group, outcome === 'awaiting-review' ? 'waiting' : 'done')
    }
  })

  it('asks for attention only where a session failed its person', () => {
    const asks = Outcome.options.filter((outcome) => needsAttention(summary({ state: 'done', outcome })))
    assert.deepEqual(asks.sort(), [
      'budget-exceeded',
      'cannot-repair',
      'setup-failed',
      'turn-limit',
      'verification-failed',
      'vetoed',
    ])
    assert.ok(needsAttention(summary({ state: 'interrupted' })))
  })

  it('shows a session that is verified anew under review, as at work', () => {
    const row = summary({
      state: 'waiting',
      outcome: 'awaiting-review',
      stage: 'Judge',
      standing: 'tests' as const,
      judged: true,
    })
    assert.equal(groupOf(row), 'waiting')
    assert.deepEqual([sessionText(row, now).icon, sessionText(row, now).menu], ['sync~spin', 'running'])
  })

  it('lets no title steer what shows it', () => {
    assert.equal(sessionText(summary({ title: 'a\u202eb\u001b[31m' }), now).title, 'a\\u202eb\\x1b[31m')
  })

  it('counts ages in the largest unit that fits', () => {
    const ago = (minutes: number): string => age(new Date(now - minutes * 60_000).toISOString(), now)
    assert.deepEqual([0, 1, 59, 60, 1439, 1440, 60 * 24 * 90].map(ago), [
      'now',
      '1 min',
      '59 min',
      '1 h',
      '23 h',
      '1 d',
      '3 mo',
    ])
  })
})
