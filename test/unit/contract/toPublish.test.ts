import assert from 'node:assert/strict'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { againstApproval, againstPublishing, stepToPublish } from '../../../src/contract/toPublish.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'
import { rareSessions } from '../../support/panel/states.ts'

const all = new Map([...fixtureSessions(), ...rareSessions()])

function session(name: string, changes: Partial<ReturnType<typeof sessionView>> = {}) {
  return { ...sessionView(all.get(name)?.events ?? []), ...changes }
}

const codes = (view: ReturnType<typeof session>, hasRemote = true): readonly string[] =>
  againstPublishing(view, hasRemote).map(({ error }) => error.failure.code)

describe('what stands before a publication', () => {
  it('is nothing for a proven, judged session, whose next step is the plain command', () => {
    const view = session('review')
    assert.deepEqual(codes(view), [])
    assert.equal(stepToPublish(view, true), `drydock publish ${view.id}, or drydock reject ${view.id}`)
  })

  it('is said by the command that works, wherever flags are all it takes', () => {
    const unjudged = session('not-judged')
    assert.deepEqual(codes(unjudged), ['not-judged'])
    assert.match(stepToPublish(unjudged, true), /^drydock publish \S+ --without-judge, or /)
    const warned = session('warnings')
    const step = stepToPublish(warned, true)
    assert.equal(step.match(/ --acknowledge /g)?.length, 3)
    const said = { acknowledged: new Set(warned.warnings.map(({ code }) => code)) }
    const rest = { withoutJudge: false, unverified: false }
    assert.deepEqual(againstApproval(warned, { ...said, ...rest }), [])
  })

  it('names one command for all that is open, what is said already included', () => {
    const warned = session('warnings', { verdict: null })
    const said = { acknowledged: new Set<string>(), withoutJudge: true, unverified: false }
    const [first] = againstApproval(warned, said)
    assert.match(
      first?.error.failure.next ?? '',
      /`drydock publish \S+ --without-judge( --acknowledge \S+){3}`/,
    )
  })

  it('asks for no word where none helps', () => {
    const ended = session('not-verified', { outcome: 'interrupted' })
    assert.deepEqual(codes(ended), ['session-state'])
  })

  it('asks for a person where no flag says it', () => {
    assert.match(stepToPublish(session('without-tests'), true), /^drydock publish \S+ at a terminal/)
  })

  it('comes first where no word mends it', () => {
    const view = session('not-judged')
    const { repository } = view.task
    const { remote: _, ...nowhere } = repository
    const without = { ...view, task: { ...view.task, repository: nowhere } }
    assert.deepEqual(codes(without, false), ['not-judged', 'no-remote'])
    assert.match(stepToPublish(without, false), /^Add a remote with .*`drydock publish \S+ --without-judge`/)
    assert.deepEqual(codes(without, true), ['not-judged'])
    const dirty = { ...view, task: { ...view.task, repository: { ...repository, includeUncommitted: true } } }
    assert.equal(codes(dirty)[0], 'dirty-not-committed')
    assert.match(stepToPublish(dirty, true), /^Commit the changes/)
    const red = session('failed', { outcome: 'awaiting-review' })
    assert.match(stepToPublish(red, true), /^Nobody can publish it as it is/)
    assert.ok(codes(session('failed')).includes('not-verified'))
    const imported = session('review', { imported: { at: red.createdAt, archive: 'a'.repeat(64) } })
    assert.doesNotMatch(stepToPublish(imported, true), /drydock publish/)
  })

  it('names a warning that is not there before anything is asked', () => {
    const said = { acknowledged: new Set(['nope']), withoutJudge: true, unverified: true }
    const [first] = againstApproval(session('review'), said)
    assert.deepEqual(
      [first?.error.failure.code, first?.error.failure.message],
      ['bad-usage', 'There is no warning nope to acknowledge.'],
    )
  })
})
