import assert from 'node:assert/strict'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { sessionSummary } from '../../../../src/runner/terminal/summary.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'

describe('a session at a terminal', () => {
  it('that stopped short names the next step, one that is done none', async () => {
    const log = fixtureSessions().get('review')
    assert.ok(log !== undefined)
    const { context } = commandContext('/nowhere')
    const { failure: _, ...bare } = sessionView(log.events)
    const view = { ...bare, failure: null, patch: null, reason: 'Its runner ended.' }
    const end = async (outcome: typeof view.outcome) =>
      (await sessionSummary(context, { ...view, outcome })).trimEnd().split('\n').slice(-2)
    assert.deepEqual(await end('interrupted'), ['Its runner ended.', `Next: drydock retry ${log.id}`])
    assert.match((await end('vetoed'))[1] ?? '', /^Next: drydock retry \S+ --note /)
    assert.equal((await end('up-to-date'))[1], 'Its runner ended.')
  })
})
