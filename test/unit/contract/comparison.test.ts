import assert from 'node:assert/strict'
import { comparison } from '../../../src/contract/comparison.ts'
import { DrydockError } from '../../../src/contract/failure.ts'
import { type SessionView, sessionView } from '../../../src/contract/sessionView.ts'
import type { CommandContext } from '../../../src/runner/commands/context.ts'
import { rerunTask } from '../../../src/runner/commands/rerun.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

function view(name: string): SessionView {
  const found = fixtureSessions().get(name)
  assert.ok(found !== undefined, name)
  return sessionView(found.events)
}

describe('two runs of a task', () => {
  const context = { now: () => new Date('2026-05-06T07:08:09.000Z') } as CommandContext

  it('stand side by side, and what differs is marked', () => {
    const [before, after] = [view('review'), view('vetoed')]
    const rows = new Map(comparison(before, after).map((row) => [row.what, row]))
    assert.deepEqual(rows.get('outcome'), {
      ...{ what: 'outcome', before: 'awaiting-review', after: 'vetoed', same: false },
    })
    assert.deepEqual(rows.get('judge')?.after, 'veto')
    assert.equal(rows.get('version')?.same, true)
    assert.ok(comparison(before, before).every(({ same }) => same))
  })

  it('have one task: base and version of the first, which a later release does not change', () => {
    const before = view('review')
    const task = rerunTask(context, before, { model: 'other-model', budgetUsd: 2 })
    assert.ok(task.kind === 'dependency-update' && before.task.kind === 'dependency-update')
    assert.deepEqual([before.task.requested, task.requested], ['latest', '5.0.0'])
    assert.deepEqual(task.repository, before.task.repository)
    assert.deepEqual([task.settings.model, task.settings.budgetUsd], ['other-model', 2])
    assert.deepEqual(task.rerun, { of: before.id })
    assert.match(task.id, /^20260506-070809-/)
  })

  it('is refused for a running session, and for one of uncommitted changes', () => {
    const coded = (code: string) => (error: unknown) =>
      error instanceof DrydockError && error.failure.code === code
    assert.throws(() => rerunTask(context, view('running'), {}), coded('session-busy'))
    const before = view('review')
    const repository = { ...before.task.repository, includeUncommitted: true }
    const dirty = { ...before, task: { ...before.task, repository } }
    assert.throws(() => rerunTask(context, dirty, {}), coded('session-state'))
  })
})
