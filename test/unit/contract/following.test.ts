import assert from 'node:assert/strict'
import { Outcome } from '../../../src/contract/events.ts'
import { commands, mayFollow, refusal, type Standing } from '../../../src/contract/following.ts'

/** Every standing, and of the seven commands those that may follow. */
const table: Record<Standing, string> = {
  running: 'cancel',
  'needs-key': 'retry resume',
  'needs-model': 'retry resume',
  checking: 'cancel',
  waiting: 'publish reject drop restore retry',
  'half-dropped': 'reject drop restore retry',
  pushed: 'publish reject retry',
  imported: 'reject retry',
  elsewhere: 'publish reject',
  away: '',
  published: 'retry',
  rejected: 'retry',
  'up-to-date': 'retry',
  vetoed: 'retry',
  'verification-failed': 'retry',
  'turn-limit': 'retry',
  'cannot-repair': 'retry',
  'budget-exceeded': 'retry',
  cancelled: 'retry',
  interrupted: 'retry',
  'setup-failed': 'retry',
  merged: 'retry',
  closed: 'retry',
}

describe('a refusal', () => {
  it('calls a state as the list of sessions calls it', () => {
    const said = (standing: 'needs-key' | 'rejected') =>
      refusal('20260304-090000-aaaaa1', 'publish', standing)?.failure.message ?? ''
    assert.match(said('needs-key'), /is listed as “needs a repair, no key”; this needs/)
    assert.match(said('rejected'), /is rejected; this needs/)
  })
})

describe('what may follow', () => {
  it('is known of every outcome', () => {
    for (const outcome of Outcome.options)
      assert.ok(outcome === 'awaiting-review' || outcome in table, outcome)
  })

  for (const [standing, words] of Object.entries(table) as [Standing, string][]) {
    it(`where a session is ${standing}: ${words}`, () => {
      const may = commands.filter((command) => mayFollow(command, standing))
      assert.equal(may.join(' '), words)
      for (const command of commands) {
        const no = refusal('ID', command, standing)?.failure
        assert.equal(no === undefined, may.includes(command), command)
        if (no !== undefined)
          assert.ok(['session-state', 'session-busy'].includes(no.code) && no.next.includes('ID'))
      }
    })
  }
})
