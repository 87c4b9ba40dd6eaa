import assert from 'node:assert/strict'
import { money } from '../../../src/contract/money.ts'
import { sessionTitle } from '../../../src/contract/sessionTitle.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { testFacts } from '../../../src/contract/states/cards.ts'
import { stageFact, workedMs } from '../../../src/contract/states/stages.ts'
import { MessageToPanel } from '../../../src/contract/webviewMessages.ts'
import { failedSteps, labelGroups, stepTable } from '../../../webview-ui/model/checks.ts'
import { choiceOf } from '../../../webview-ui/model/choice.ts'
import { alarms, duration, stateIn } from '../../../webview-ui/model/headline.ts'
import { keptFor, readKept } from '../../../webview-ui/model/kept.ts'
import { changed, emptyPanel } from '../../../webview-ui/model/panel.ts'
import { timelineRows } from '../../../webview-ui/model/timeline.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

const session = (name: string) => sessionView(fixtureSessions().get(name)?.events ?? [])
const review = (name: string) => ({
  ...{ session: session(name), settled: true, dropped: [], earlier: null, pending: null, testMessages: [] },
})

describe('the headline', () => {
  it('names the versions', () => {
    assert.equal(sessionTitle(session('review')), 'Update @acme/http-client 4.8.1 → 5.0.0')
  })

  it('names the member of a monorepo', () => {
    const { task, ...versions } = session('review')
    assert.equal(task.kind, 'dependency-update')
    const title = (manifest: string) =>
      sessionTitle({ ...versions, task: { ...task, manifest } as typeof task })
    assert.equal(title('package.json'), sessionTitle({ ...versions, task }))
    assert.equal(title('packages/web/package.json'), `${title('package.json')} in packages/web`)
  })

  it('tells tests in the order a person asks', () => {
    const { matrix } = session('review')
    assert.ok(matrix)
    const facts = testFacts(matrix).map(({ text }) => text)
    assert.deepEqual(facts, ['0 regressed', '5 repaired', '2 already failing', '341 passing'])
  })

  it('says in the agent’s words why it gave up', () => {
    const shown = review('review')
    const reason = 'The agent says that this cannot be done: the function is gone.'
    const given = { ...shown, session: { ...shown.session, outcome: 'cannot-repair' as const, reason } }
    assert.deepEqual([stateIn(given).tone, stateIn(given).title], ['bad', 'The agent gave up'])
    assert.deepEqual(alarms(given), [reason])
  })

  it('is loud about what proves nothing, and quiet otherwise', () => {
    assert.deepEqual(alarms(review('review')), [])
    assert.match(alarms(review('not-verified')).join(' '), /Not verified: .* Not judged: /)
    assert.match(alarms(review('not-judged')).join(' '), /^Not judged: There is no key/)
    assert.equal(alarms(review('failed')).length, 1)
  })

  it('is loud about an approval that came to nothing', () => {
    const log = fixtureSessions().get('review')
    assert.ok(log)
    log.stage({ stage: 'publish' }, 900, { status: 'failed', detail: 'the remote refused the push' })
    const shown = { ...review('review'), session: sessionView(log.events) }
    assert.deepEqual(alarms(shown), ['Publishing failed: the remote refused the push'])
  })

  it('says in whole why an approval was not brought onto a base that has moved, in an editor’s words', () => {
    const log = fixtureSessions().get('review')
    assert.ok(log)
    const before = sessionView(log.events)
    const [from, to] = [before.task.repository.baseCommit, 'e'.repeat(40)]
    const refusal = {
      branch: 'main',
      from,
      to,
      digest: before.patch?.digest ?? '',
      reasons: ['lib/order.js'],
    }
    log.emit({ type: 'base.refused', ...refusal, kind: 'conflict' })
    log.stage({ stage: 'publish' }, 900, { status: 'failed', detail: 'base-moved' })
    const shown = { ...review('review'), session: sessionView(log.events) }
    const [alarm = '', ...more] = alarms(shown)
    assert.match(
      alarm,
      /^Not published: main has moved to eeeeeeeeeeee .* both sides changed lib\/order\.js\. Nothing/,
    )
    assert.match(alarm, /Follow up the session/)
    assert.doesNotMatch(alarm, /`drydock/)
    assert.deepEqual(more, [])
  })

  it('says that a dropped part is being verified', () => {
    const { tone, title } = stateIn({ ...review('review'), settled: false })
    assert.deepEqual([tone, title], ['busy', 'Verifying again'])
  })

  it('writes money and time as people do', () => {
    assert.deepEqual([0, 0.004, 0.21].map(money), ['$0', '< $0.01', '$0.21'])
    assert.deepEqual([812, 45_200, 120_000, 185_000, 3_840_000].map(duration), [
      '0.8 s',
      '45 s',
      '2 min',
      '3 min 5 s',
      '1 h 4 min',
    ])
  })
})

describe('the timeline', () => {
  it('has no green tick for a stage whose checks failed', () => {
    const { reports, ...view } = session('review')
    // That a check ran to its end is all that its stage says.
    const stages = view.stages.map((stage) => ({ ...stage, status: 'ok' as const }))
    const words = stages.map((stage) => {
      const { tone, text } = stageFact(stage, { stages, reports })
      return `${stage.name} ${stage.role}: ${tone} ${text}`
    })
    assert.ok(words.includes('verify update: bad checks failed'), words.join('; '))
    assert.ok(words.includes('verify repair: good '), words.join('; '))
  })

  it('asks of the search for what is not needed by its own name, in older logs as well', () => {
    const log = fixtureSessions().get('review')
    assert.ok(log)
    const before = { ...log, events: log.events.filter(({ type }) => type !== 'session.finished') }
    const last = before.events.at(-1)
    assert.ok(last)
    const searched = { ...last, type: 'stage.started', stage: 'verify', role: 'dropped' } as const
    const { v, seq, time } = last
    const view = sessionView([
      ...before.events,
      { v, seq, time, ...{ type: searched.type, stage: searched.stage, role: searched.role } },
    ])
    assert.equal(view.stages.at(-1)?.role, 'minimise')
    const dropped = sessionView([
      ...log.events,
      { v, seq, time, ...{ type: searched.type, stage: searched.stage, role: searched.role } },
    ])
    assert.equal(dropped.stages.at(-1)?.role, 'dropped')
  })

  it('takes as long as it worked, not as long as a person read or nobody came', () => {
    const { stages } = session('review')
    const late = { stages, outcome: 'awaiting-review' as const, updatedAt: '2027-01-01T00:00:00.000Z' }
    assert.ok(workedMs(late) < 10 * 60_000, `${workedMs(late)}`)
    const [first] = stages.slice(-1)
    assert.ok(first)
    const lost = { ...first, durationMs: null, status: 'interrupted' as const }
    assert.equal(
      workedMs({ stages: [lost], outcome: 'interrupted', updatedAt: '2027-01-01T00:00:00.000Z' }),
      0,
    )
  })
})

describe('the checks', () => {
  it('groups tests by label, the worst first', () => {
    const { matrix } = session('failed')
    assert.ok(matrix)
    const groups = labelGroups(matrix, [{ id: matrix.tests[0]?.id ?? '', message: 'why' }])
    assert.deepEqual(
      groups.map(({ label }) => label),
      ['regressed', 'repaired', 'already failing'],
    )
    assert.equal(groups[0]?.tests[0]?.message, 'why')
  })

  it('lists runs across and the last run’s failures first', () => {
    const { runs, rows } = stepTable(session('failed'))
    assert.deepEqual(runs, ['Base', 'Update', 'Repaired'])
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['build', 'test', 'lint'],
    )
    assert.deepEqual(
      failedSteps(session('failed')).map(({ run, step }) => `${run} ${step.name}`),
      ['Repaired test', 'Update build'],
    )
  })
})

describe('what the page remembers', () => {
  it('voids ticks and dropped parts with another patch, and keeps the tab', () => {
    const kept = {
      session: '20260304-090000-aaaaa2',
      digest: 'a'.repeat(64),
      ticked: ['x'],
      withoutJudge: true,
      unverified: true,
      dropped: [{ path: 'src/orders.ts' }],
      tab: 'judge' as const,
    }
    assert.deepEqual(keptFor(kept, kept.session, kept.digest), kept)
    const other = {
      session: kept.session,
      digest: 'b'.repeat(64),
      ticked: [],
      withoutJudge: false,
      unverified: false,
      dropped: [],
      tab: 'judge',
    }
    assert.deepEqual(keptFor(kept, kept.session, 'b'.repeat(64)), other)
    const nothing = { ticked: [], withoutJudge: false, unverified: false, dropped: [] }
    assert.deepEqual(readKept({ ticked: 'all' }), nothing)
    assert.deepEqual(readKept({ ticked: [], withoutJudge: false }), nothing) // as an earlier version kept it
  })

  it('reads a patch once its text and its list of files are both there', () => {
    const log = fixtureSessions().get('review')
    const { patch } = session('review')
    assert.ok(patch !== null && log !== undefined)
    const text = log.artifacts.get(patch.digest)?.toString('utf8') ?? ''
    const early = changed(emptyPanel, { type: 'patch', digest: patch.digest, text })
    assert.equal(early.files, undefined)
    const both = changed(early, { type: 'review', review: review('review') })
    assert.equal(both.files?.length, patch.files.length)
    assert.equal(changed(both, { type: 'review', review: review('review') }).files, both.files)
    assert.equal(changed(both, { type: 'patch', digest: 'f'.repeat(64), text }).files, undefined)
  })

  it('puts turns below their repair, also where batches come out of order', () => {
    const turn = (index: number) => ({
      ...{ index, attempt: 1, turn: index + 1, text: 't', actions: [] },
      costUsd: 0,
      durationMs: 1,
    })
    const late = changed(emptyPanel, { type: 'turns', total: 2, turns: [turn(1)] })
    const { turns } = changed(late, { type: 'turns', total: 2, turns: [turn(0)] })
    const kinds = timelineRows(session('running'), turns).map(({ key }) => key)
    assert.deepEqual(kinds.slice(-3), ['repair/1', 'turn/0', 'turn/1'])
  })

  it('knows what is dropped by hunk and by file', () => {
    const choice = choiceOf([{ path: 'a', hunk: 1 }, { path: 'b' }])
    assert.deepEqual(
      [choice.hunk('a', 0), choice.hunk('a', 1), choice.hunk('b', 7), choice.file('a')],
      [false, true, true, false],
    )
  })
})

describe('MessageToPanel', () => {
  it('is closed', () => {
    assert.ok(MessageToPanel.safeParse({ type: 'review', review: review('review') }).success)
    assert.ok(
      !MessageToPanel.safeParse({ type: 'review', review: { ...review('review'), html: '<b>' } }).success,
    )
    assert.ok(!MessageToPanel.safeParse({ type: 'eval', code: '1' }).success)
  })
})
