import assert from 'node:assert/strict'
import type { FailureCode } from '../../../src/contract/failure.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { dashboardOf, type Shown, StatisticsMessage } from '../../../src/contract/statistics/dashboard.ts'
import { factsOf, type SessionFacts } from '../../../src/contract/statistics/facts.ts'
import { outcomeName } from '../../../src/contract/statistics/words.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

const now = new Date('2026-03-05T00:00:00.000Z')
const shown: Shown = { span: 'all', by: 'package', group: null, outcome: null }

describe("the dashboard's content", () => {
  const facts: readonly SessionFacts[] = [...fixtureSessions().values()].map(({ events }) =>
    factsOf(sessionView(events)),
  )
  const board = (more: Partial<Shown>, of = facts) =>
    dashboardOf({ facts: of, damaged: ['x'] }, { ...shown, ...more }, now)

  it('counts what is chosen, and lists it, the newest first', () => {
    const all = board({})
    assert.deepEqual([all.all.sessions, all.matching, all.damaged], [facts.length, facts.length, 1])
    assert.equal(all.sessions[0]?.id, facts.at(-1)?.id)
    const vetoed = board({ outcome: 'vetoed' })
    assert.deepEqual(
      vetoed.sessions.map(({ outcome }) => outcome),
      ['vetoed'],
    )
    assert.equal(board({ outcome: 'open' }).matching, facts.filter(({ outcome }) => outcome === null).length)
  })

  it('counts what waits for a key or an answer of the model by that, and not as a failed check or set-up', () => {
    const lacking = (code: FailureCode, outcome: 'verification-failed' | 'setup-failed') => {
      const { events = [] } = fixtureSessions().get('failed') ?? {}
      const view = sessionView(events)
      const failure = { code, message: 'none', next: 'none' }
      return factsOf({ ...view, outcome, failure })
    }
    const three = [
      lacking('repair-needs-key', 'verification-failed'),
      lacking('repair-needs-model', 'verification-failed'),
      lacking('no-key', 'setup-failed'),
    ]
    const failed = lacking('engine-lost', 'setup-failed')
    const { all } = board({}, [...three, failed])
    assert.deepEqual(all.outcomes, { 'needs-key': 1, 'needs-model': 1, 'no-key': 1, 'setup-failed': 1 })
    const chosen = board({ outcome: 'needs-key' }, [...three, failed])
    assert.deepEqual(
      chosen.sessions.map(({ outcome }) => outcomeName(outcome)),
      ['needs a repair, no key'],
    )
  })

  it('keeps every group in its table while one of them is chosen', () => {
    const one = { ...facts[0], package: 'other' } as SessionFacts
    const { groups, all } = board({ group: 'other' }, [...facts, one])
    assert.deepEqual([groups.length > 1, all.sessions], [true, 1])
  })

  it('begins where the span does', () => {
    const old = { ...facts[0], createdAt: '2026-01-01T00:00:00.000Z' } as SessionFacts
    assert.equal(board({ span: '7d' }, [old, ...facts]).matching, facts.length)
    assert.equal(board({ span: '90d' }, [old, ...facts]).matching, facts.length + 1)
  })

  it('hears nothing but its own questions', () => {
    const wrong = [
      { type: 'open', session: '../x' },
      { type: 'show', shown: { ...shown, by: 'secret' }, fresh: false },
      { type: 'run', command: 'x' },
      { type: 'show', shown, fresh: true, more: 1 },
    ]
    for (const message of wrong) assert.equal(StatisticsMessage.safeParse(message).success, false)
    assert.ok(StatisticsMessage.safeParse({ type: 'show', shown, fresh: true }).success)
  })
})
