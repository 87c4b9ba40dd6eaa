import assert from 'node:assert/strict'
import { firstRows, type Redraw } from '../../../src/extension/sessions/sessionRows.ts'
import {
  bareSummary,
  type SessionState,
  type SessionSummary,
} from '../../../src/extension/sessions/summary.ts'
import { TreeRows } from '../../../src/extension/sessions/treeRows.ts'

const now = Date.parse('2026-11-22T12:00:00.000Z')
const idOf = (at: number): string =>
  `20261122-${String(100_000 + at).slice(0, 6)}-${String(at).padStart(6, '0')}`

function session(at: number, state: SessionState, more: Partial<SessionSummary> = {}): SessionSummary {
  const outcome = state === 'waiting' ? 'awaiting-review' : state === 'done' ? 'published' : null
  const time = '2026-11-22T11:30:10.000Z'
  return { ...bareSummary(idOf(at), state, null), outcome, createdAt: time, updatedAt: time, ...more }
}

/** The newest first, as the store lists them. */
const list = (count: number, state: SessionState): SessionSummary[] =>
  Array.from({ length: count }, (_, at) => session(at, state)).reverse()

const shown = (rows: TreeRows) => rows.groups.map(({ group, count, rows }) => [group, count, rows.length])

describe('rows of the sessions view', () => {
  it('shows the newest of a long group, counts all, and shows more when asked', () => {
    const rows = new TreeRows()
    const all = [...list(1000, 'done'), ...list(3, 'waiting')]
    assert.equal(rows.look(all, now), 'all')
    assert.deepEqual(shown(rows), [
      ['waiting', 3, 3],
      ['done', 1000, firstRows],
    ])
    assert.equal(rows.of('done')?.rows[0]?.id, idOf(999))
    rows.more('done')
    assert.deepEqual(rows.look(all, now), { groups: ['done'], sessions: [] })
    assert.equal(rows.of('done')?.rows.length, 2 * firstRows)
    for (let times = 0; times < 10; times += 1) rows.more('done')
    rows.look(all, now)
    assert.deepEqual(shown(rows), [
      ['waiting', 3, 3],
      ['done', 1000, 1000],
    ])
  })

  it('filters sessions that have no row, too, and begins each group anew', () => {
    const rows = new TreeRows()
    const all = [...list(500, 'done'), session(0, 'waiting', { title: 'left-pad 1.0.0 → 2.0.0' })]
    const old = all[499]
    assert.ok(old)
    all[499] = { ...old, title: 'left-pad 0.9.0 → 1.0.0' }
    rows.more('done')
    rows.look(all, now)
    rows.filter('LEFT-pad')
    rows.look(all, now)
    assert.deepEqual(shown(rows), [
      ['waiting', 1, 1],
      ['done', 1, 1],
    ])
    rows.filter('')
    rows.look(all, now)
    assert.equal(rows.of('done')?.rows.length, firstRows)
  })

  const redrawn = (before: readonly SessionSummary[], then: readonly SessionSummary[], at = now): Redraw => {
    const rows = new TreeRows()
    rows.look(before, now)
    return rows.look(then, at)
  }
  const [one, two] = [session(1, 'running'), session(2, 'running')]
  const waiting = list(300, 'waiting')

  it('draws nothing where nothing that is shown changed', () => {
    assert.deepEqual(redrawn([two, one, ...waiting], [two, one, ...waiting]), { groups: [], sessions: [] })
    const unseen = waiting.map((row, at) => (at < firstRows ? row : { ...row, costUsd: 3 }))
    assert.deepEqual(redrawn(waiting, unseen), { groups: [], sessions: [] })
  })

  it('draws the row that changed alone', () => {
    const changed = { ...one, stage: 'Repair, attempt 1', attempt: 1 }
    assert.deepEqual(redrawn([two, one, ...waiting], [two, changed, ...waiting]), {
      groups: [],
      sessions: [one.id],
    })
  })

  it('draws ages that are told in other words, and no others', () => {
    const old = session(3, 'done', { updatedAt: '2026-11-20T11:00:00.000Z' })
    assert.deepEqual(redrawn([one, old], [one, old], now + 60_000), { groups: [], sessions: [one.id] })
  })

  it('draws a group whose sessions came, went or are counted otherwise', () => {
    const came = [session(900, 'waiting'), ...waiting]
    assert.deepEqual(redrawn([one, ...waiting], [one, ...came]), { groups: ['waiting'], sessions: [] })
    assert.deepEqual(redrawn([one, ...waiting], [one, ...waiting.slice(0, -1)]), {
      groups: ['waiting'],
      sessions: [],
    })
    const moved = { ...one, state: 'waiting', outcome: 'awaiting-review' } as const
    assert.deepEqual(redrawn([two, one, ...waiting], [two, moved, ...waiting]), {
      groups: ['running', 'waiting'],
      sessions: [],
    })
  })

  it('draws everything where a group comes or goes', () => {
    assert.equal(redrawn([one, ...waiting], waiting), 'all')
    assert.equal(redrawn(waiting, [...waiting, session(1, 'done')]), 'all')
  })
})
