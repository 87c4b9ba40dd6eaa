import assert from 'node:assert/strict'
import { Outcome } from '../../../src/contract/events.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import {
  age,
  type Group,
  groupOf,
  needsAttention,
  type SessionText,
  sessionText,
} from '../../../src/extension/sessions/sessionText.ts'
import { bareSummary, type SessionSummary, summarise } from '../../../src/extension/sessions/summary.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

const now = Date.parse('2026-11-22T12:00:00.000Z')
const summary = (changes: Partial<SessionSummary>): SessionSummary => ({
  ...bareSummary('20261122-115500-abc123', 'running', null),
  title: 'ms 2.0.0 → 2.1.3',
  updatedAt: '2026-11-22T11:58:00.000Z',
  ...changes,
})

/** A session that ended so, as the index makes its row. */
function ended(outcome: Outcome): { row: SessionSummary; text: SessionText; place: Group } {
  const view = sessionView(fixtureSessions().get('review')?.events ?? [])
  const row = summarise({ ...view, outcome }, false, true)
  const failed = ['vetoed', 'verification-failed', 'turn-limit', 'cannot-repair', 'budget-exceeded']
  const attention = [...failed, 'interrupted', 'setup-failed'].includes(outcome)
  const place = outcome === 'awaiting-review' ? 'waiting' : attention ? 'attention' : 'done'
  return { row, text: sessionText(row, now), place }
}

describe('session text', () => {
  it('says stage, turn, cost and age of a session at work', () => {
    const row = summary({
      name: 'running',
      stage: 'Repair, attempt 1',
      attempt: 1,
      turns: 3,
      maxTurns: 10,
      costUsd: 0.123,
    })
    const { description, menu, group } = sessionText(row, now)
    assert.equal(description, 'Repair, attempt 1 · turn 3 of 10 · $0.12 · 5 min')
    assert.deepEqual([menu, group], ['running', 'running'])
  })

  it('says what a waiting session lacks, the state before all else', () => {
    const waiting = summary({
      ...{ state: 'waiting', outcome: 'awaiting-review', name: 'not-verified', short: 'ms → 2.1.3' },
      words: ['not verified', 'not judged', '2 warnings'],
    })
    const { title, description, icon } = sessionText(waiting, now)
    assert.deepEqual([title, icon], ['ms → 2.1.3', 'question'])
    assert.equal(description, 'not verified · not judged · 2 warnings · 2 min')
  })

  it('names the repository where it is asked to, after the state', () => {
    const row = summary({ root: '/code/web', state: 'waiting', name: 'ready', words: ['ready to approve'] })
    assert.equal(sessionText(row, now, true).description, 'ready to approve · web · 2 min')
  })

  it('has an icon, words and a place for every outcome', () => {
    for (const one of Outcome.options) {
      const { text, place } = ended(one)
      assert.ok(text.icon !== '' && text.tooltip.includes('\n'), one)
      assert.equal(text.group, place, one)
    }
  })

  it('asks for attention only where a session failed its person', () => {
    const asks = Outcome.options.filter((one) => needsAttention(ended(one).row))
    assert.deepEqual(asks.sort(), [
      'budget-exceeded',
      'cannot-repair',
      'interrupted',
      'setup-failed',
      'turn-limit',
      'verification-failed',
      'vetoed',
    ])
    const lacksKey = summary({ state: 'done', outcome: 'verification-failed', name: 'needs-key' })
    assert.ok(needsAttention(lacksKey))
    assert.equal(sessionText(lacksKey, now).icon, 'key')
  })

  it('shows a session that is verified anew under review, as at work', () => {
    const row = summary({ state: 'waiting', outcome: 'awaiting-review', stage: 'Judge', name: 'checking' })
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
