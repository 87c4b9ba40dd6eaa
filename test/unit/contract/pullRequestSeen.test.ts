import assert from 'node:assert/strict'
import type { Event } from '../../../src/contract/events.ts'
import { type PullRequestSeen, sameSeen, seenLine } from '../../../src/contract/pullRequestSeen.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { alarmsOf } from '../../../src/contract/states/alarms.ts'
import { rowWords } from '../../../src/contract/states/row.ts'
import { situationOf } from '../../../src/contract/states/situation.ts'
import { readGolden } from '../../support/golden.ts'

const head = 'a'.repeat(40)
const fine: PullRequestSeen = {
  ...{ state: 'open', head, draft: false, conflict: false, review: 'none', comments: 0 },
  checks: { passed: 0, failed: 0, pending: 0, failing: [] },
}

/** The golden session with its pull request, as the host tells of it. */
async function published(seen: PullRequestSeen) {
  const text = await readGolden('events-v1-seen.jsonl')
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
  const opened = events.findLastIndex(({ type }) => type === 'pullRequest.opened')
  const view = sessionView(events.slice(0, opened + 1))
  const at = '2026-11-22T13:10:00.000Z'
  return { ...view, outcome: 'published' as const, commit: head, seen: { ...seen, at } }
}

describe('what a host says of a pull request', () => {
  it('stands in a row, what is in the way before what speaks for it', async () => {
    const checks = { passed: 3, failed: 2, pending: 1, failing: ['build', 'lint'] }
    const view = await published({ ...fine, conflict: true, checks, review: 'approved', comments: 1 })
    const situation = situationOf(view, { settled: true })
    assert.deepEqual(rowWords(situation), [
      ...['conflict with its base', '2 checks fail', 'published', 'approved', '1 check runs', '1 comment'],
    ])
    assert.deepEqual(
      alarmsOf(view, situation, () => ''),
      ['The pull request: conflict with its base, 2 checks fail (build, lint).'],
    )
  })

  it('alarms nobody where nothing is in the way, and says nothing of what is over', async () => {
    const view = await published({ ...fine, checks: { ...fine.checks, passed: 1 } })
    const situation = situationOf(view, { settled: true })
    assert.deepEqual(rowWords(situation), ['published', '1 check passed'])
    assert.deepEqual(
      alarmsOf(view, situation, () => ''),
      [],
    )
    assert.equal(seenLine({ ...fine, state: 'merged', comments: 3 }), '')
  })

  it('names commits that came after ours, and is told anew only where it differs', () => {
    assert.equal(seenLine(fine, 'b'.repeat(40)), 'newer commits on it')
    assert.deepEqual([sameSeen(fine, { ...fine }), sameSeen(fine, { ...fine, comments: 1 })], [true, false])
  })
})
