import assert from 'node:assert/strict'
import { type Moment, Moment as MomentSchema, momentAfter } from '../../../src/contract/moments.ts'
import { reduce, type SessionView } from '../../../src/contract/sessionView.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

function momentsOf(name: string): readonly Moment[] {
  let view: SessionView | undefined
  return (fixtureSessions().get(name)?.events ?? []).flatMap((event) => {
    view = reduce(view, event)
    const moment = momentAfter(view, event)
    return moment === undefined ? [] : [moment]
  })
}

describe('the moments of a session', () => {
  it('are what it was after each change: spend, turns, tests and patch', () => {
    const moments = momentsOf('review')
    const [first] = moments
    assert.deepEqual(
      [first?.what, first?.costUsd, first?.turns, first?.tests, first?.patch],
      ['The session begins', 0, 0, '', null],
    )
    const update = moments.find(({ what }) => what === 'A patch by the package manager')
    const repair = moments.find(({ what }) => what === 'A patch by the agent')
    assert.ok(update?.patch != null && repair?.patch != null && update.patch !== repair.patch)
    assert.ok(moments.some(({ tests }) => tests.startsWith('with the update: ')))
    const turns = moments.filter(({ what }) => what.startsWith('Attempt 1, turn '))
    assert.deepEqual(
      turns.map((one) => one.turns),
      turns.map((_, at) => at + 1),
    )
    assert.ok(turns.every(({ costUsd }, at) => at === 0 || costUsd > (turns[at - 1]?.costUsd ?? 0)))
    const last = moments.at(-1)
    assert.deepEqual([last?.outcome, last?.what], ['awaiting-review', 'It waits for you'])
    assert.match(last?.tests ?? '', /\d+ repaired/)
  })

  it('end in the words that a session is listed with, not in codes', () => {
    const ends = [...fixtureSessions().keys()].flatMap((name) => momentsOf(name).slice(-1))
    const said = new Map(ends.map(({ outcome, what }) => [outcome, what]))
    assert.equal(said.get('verification-failed'), 'It ends: verification failed')
    for (const { what } of ends)
      assert.doesNotMatch(what, /\b[a-z]+-(review|failed|judged|limit|exceeded|date)\b/)
  })

  it('are bounded, whatever a session says', () => {
    for (const name of fixtureSessions().keys())
      for (const moment of momentsOf(name)) assert.deepEqual(MomentSchema.parse(moment), moment)
  })
})
