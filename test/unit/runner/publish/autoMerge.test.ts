import assert from 'node:assert/strict'
import type { Event } from '../../../../src/contract/events.ts'
import { noTests } from '../../../../src/contract/report.ts'
import { reduce, type SessionView } from '../../../../src/contract/sessionView.ts'
import {
  type AutoMergeQuestion,
  autoMergeWords,
  lacksAtHost,
  lacksForAutoMerge,
} from '../../../../src/runner/publish/autoMerge.ts'
import { sessionTask } from '../../../support/sessionTask.ts'

const stamp = { v: 1 as const, seq: 1, time: '2026-01-02T03:04:05.000Z' }
const digest = 'a'.repeat(64)
const base = 'b'.repeat(40)

/** A session that lacks nothing: a minor update by the package manager, green, judged, eight days old. */
function clean(): SessionView {
  const task = sessionTask('20260102-030405-abc123')
  const created: Event = { ...stamp, type: 'session.created', task, runner: 'drydock' }
  return {
    ...reduce(undefined, created),
    ...{ from: '1.2.3', to: '1.3.0', moves: [{ name: 'left-pad', from: '1.2.3', to: '1.3.0' }] },
    patch: { source: 'update', baseCommit: base, digest, files: [] },
    matrix: {
      counts: noTests,
      tests: [],
      steps: [],
      green: true,
      verified: true,
      proof: 'tests',
      reasons: [],
    },
    verdict: { decision: 'approve', summary: 'Good.', samples: 1, costUsd: 0 },
    approval: { digest, baseCommit: base, acknowledged: [], withoutJudge: false, at: stamp.time },
    why: { released: { to: '2026-01-01T00:00:00Z' } },
  }
}

const question = (
  view: Partial<SessionView> = {},
  more: Partial<AutoMergeQuestion> = {},
): AutoMergeQuestion => ({
  view: { ...clean(), ...view },
  policy: { upTo: 'minor', days: 7 },
  allowed: 'minor',
  draft: false,
  now: new Date('2026-01-09T00:00:01Z'),
  ...more,
})

const versions = (from: string, to: string) => ({ from, to, moves: [{ name: 'left-pad', from, to }] })
const box = { code: 'w', message: 'w', severity: 'acknowledge' as const, acknowledged: true }
const script = { name: 'postinstall', command: 'node x' }
const moved = { name: 'other', before: ['1.0.0'], after: ['1.0.1'], scripts: [script] }

const lacking: readonly (readonly [string, Partial<SessionView>, Partial<AutoMergeQuestion>, RegExp])[] = [
  ['no word of the repository', {}, { allowed: undefined }, /own file .* does not allow it/],
  ['a minor update where the repository takes patches', {}, { allowed: 'patch' }, /patch update/],
  ['a minor update where the user takes patches', {}, { policy: { upTo: 'patch', days: 7 } }, /patch update/],
  ['a major update', versions('1.2.3', '2.0.0'), {}, /minor update/],
  ['a minor update before 1.0.0', versions('0.2.3', '0.3.0'), {}, /minor update/],
  ['any update before 0.1.0', versions('0.0.3', '0.0.4'), {}, /minor update/],
  ['a version before its release', versions('1.2.3', '1.3.0-rc.1'), {}, /minor update/],
  ['a step back', versions('1.3.0', '1.2.9'), {}, /minor update/],
  ['versions that nobody can compare', versions('1.2', '1.2.Final'), {}, /minor update/],
  [
    'a peer that moves further',
    { moves: [{ name: 'peer', from: '1.0.0', to: '2.0.0' }] },
    {},
    /minor update/,
  ],
  ['an agent’s turn', { turns: 1 }, {}, /more than the package manager/],
  [
    'a repair',
    { patch: { source: 'repair', baseCommit: base, digest, files: [] } },
    {},
    /more than the package/,
  ],
  [
    'no test',
    { matrix: { ...(clean().matrix ?? assert.fail()), proof: 'steps' } },
    {},
    /no test that passed/,
  ],
  ['no check', { matrix: null }, {}, /no test that passed/],
  ['a warning, ticked or not', { warnings: [box] }, {}, /1 warning has to be acknowledged/],
  [
    'a script at installation',
    { why: { ...clean().why, packages: { moves: [moved], more: 0 } } },
    {},
    /runs a script/,
  ],
  ['no judge', { verdict: null }, {}, /no judge/],
  [
    'an approval without the judge',
    { approval: { ...(clean().approval ?? assert.fail()), withoutJudge: true } },
    {},
    /no judge/,
  ],
  ['too few days', {}, { now: new Date('2026-01-07T23:59:59Z') }, /out for 6 of 7 days/],
  ['no date', { why: {} }, {}, /nobody knows when/],
  ['a draft', {}, { draft: true }, /draft/],
]

describe('what a host may merge by itself', () => {
  it('is a clean minor or patch update that everybody allows', () => {
    assert.deepEqual(lacksForAutoMerge(question()), [])
    assert.deepEqual(lacksForAutoMerge(question(versions('1.2.3', '1.2.4'), { allowed: 'patch' })), [])
    assert.deepEqual(lacksForAutoMerge(question(versions('0.2.3', '0.2.4'))), [])
    assert.deepEqual(lacksAtHost({ requiredChecks: true, allowed: true }), [])
    assert.match(
      autoMergeWords({ upTo: 'minor', days: 7 }, []).join(),
      /^The host is asked to merge this by itself/,
    )
  })

  for (const [what, view, more, words] of lacking) {
    it(`is not one with ${what}, and nothing else is named`, () => {
      const lacks = lacksForAutoMerge(question(view, more))
      assert.equal(lacks.length, 1, lacks.join('; '))
      assert.match(lacks.join(), words)
      assert.match(autoMergeWords({ upTo: 'minor', days: 7 }, lacks).join(), /^Not merged by itself: /)
    })
  }

  it('names all that fails at once', () => {
    const lacks = lacksForAutoMerge(
      question({ verdict: null, warnings: [box] }, { allowed: undefined, draft: true }),
    )
    assert.equal(lacks.length, 4)
  })

  it('needs a host that does it, and checks that are required there', () => {
    assert.deepEqual(lacksAtHost(undefined), ['the host is not asked for it'])
    assert.match(lacksAtHost({ requiredChecks: false, allowed: true }).join(), /requires no checks/)
    assert.match(lacksAtHost({ requiredChecks: true, allowed: false }).join(), /does not let this repository/)
  })

  it('says nothing where nobody asked', () => {
    assert.deepEqual(autoMergeWords(undefined, []), [])
  })
})
