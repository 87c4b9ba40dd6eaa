import assert from 'node:assert/strict'
import { Outcome } from '../../../src/contract/events.ts'
import type { BaseRefusal } from '../../../src/contract/newBase.ts'
import { type SessionView, sessionView } from '../../../src/contract/sessionView.ts'
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

  it('has words for a damaged one whose folder has a name that is no time', () => {
    const { description, tooltip } = sessionText(bareSummary('20269999-999999-abc123', 'damaged', 'cut'), now)
    assert.match(description, /^log is damaged · \d+ mo$/)
    assert.match(tooltip, / started .*19(69|70)/)
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

  it('offers to mend what stands in the way of an open pull request, and nothing where nothing does', () => {
    const view = sessionView(fixtureSessions().get('review')?.events ?? [])
    const seen = {
      ...{ state: 'open' as const, head: 'a'.repeat(40), draft: false, review: 'none' as const, comments: 3 },
      checks: { passed: 0, failed: 0, pending: 0, failing: [] },
      at: '2026-11-22T11:58:00.000Z',
    }
    const marks = (more: object, outcome: Outcome = 'published') =>
      sessionText(summarise({ ...view, outcome, seen: { ...seen, ...more } }, false, true), now).marks
    const failing = { ...seen.checks, failed: 2 }
    assert.equal(marks({ unanswered: 0 }), '')
    assert.equal(marks({ unanswered: 0, checks: failing }), '+checks')
    assert.equal(marks({ unanswered: 1, checks: failing }), '+checks+threads')
    assert.equal(marks({}), '+threads', 'asked before threads were counted: comments may wait')
    assert.equal(marks({ unanswered: 1, checks: failing }, 'merged'), '')
  })

  it('offers a follow-up where a waiting change was not brought onto its base, and one could be', () => {
    const view = sessionView(fixtureSessions().get('review')?.events ?? [])
    const refused = (kind: BaseRefusal['kind'], outcome: Outcome = 'awaiting-review') => {
      const [from, to] = ['a'.repeat(40), 'b'.repeat(40)]
      const refusedBase = {
        branch: 'main',
        from,
        to,
        digest: 'c'.repeat(64),
        kind,
        reasons: [],
        at: view.createdAt,
      }
      return sessionText(summarise({ ...view, outcome, refusedBase }, false, true), now).marks
    }
    for (const kind of ['conflict', 'red', 'less-proven', 'warnings'] as const)
      assert.equal(refused(kind), '+moved')
    for (const kind of ['nothing-left', 'rewritten'] as const) assert.equal(refused(kind), '')
    assert.equal(refused('red', 'rejected'), '')
  })

  it('says of what another machine has where it is, and offers what can be done from here alone', () => {
    const review = sessionView(fixtureSessions().get('review')?.events ?? [])
    const open = { name: 'repair' as const, status: 'running' as const, startedAt: review.createdAt }
    const stages = [...review.stages, { ...open, durationMs: null, cached: false }]
    const at = (more: Partial<SessionView>, atWork = false, decided = false) => {
      const decision = {
        ...{ id: '20260101T000000000Z-0123456789ab', verdict: 'reject' as const },
        ...{ by: 'Ann', at: review.createdAt },
      }
      const elsewhere = { campaign: 'it', worker: 'far:1', atWork, ...(decided ? { decision } : {}) }
      const imported = { at: review.createdAt, archive: 'a'.repeat(64), elsewhere }
      const row = summarise({ ...review, ...more, imported }, false, true)
      const { menu, group } = sessionText(row, now)
      return [sessionText(row, now).description.replace(/ · [$\d].*/, ''), menu, group]
    }
    assert.deepEqual(at({ outcome: null, stages }, true), [
      'Repair · runs elsewhere · turn 6 of 10',
      'done',
      'running',
    ])
    assert.deepEqual(at({ outcome: null, stages }), ['interrupted · ended elsewhere', 'done', 'attention'])
    assert.deepEqual(at({}), ['ready to approve · ended elsewhere', 'waiting', 'waiting'])
    assert.deepEqual(at({}, false, true), ['decision on its way · ended elsewhere', 'done', 'done'])
    assert.deepEqual(at({ outcome: 'published' }), ['published · ended elsewhere', 'done', 'done'])
    assert.deepEqual(at({ outcome: 'vetoed' }), [
      'vetoed by the judge · ended elsewhere',
      'done',
      'attention',
    ])
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
