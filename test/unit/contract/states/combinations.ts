import { Outcome } from '../../../../src/contract/events.ts'
import { type Matrix, noTests } from '../../../../src/contract/report.ts'
import type { SessionView } from '../../../../src/contract/sessionView.ts'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import type { Verdict, Warning } from '../../../../src/contract/verdict.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'

/** What is true of a session, as the table names it; every one of them is told by a log. */
export interface Combination {
  readonly outcome: Outcome | 'none'
  /** `gone`: it was at work and its runner does not answer. `queue`: its one open stage is the wait for a slot. */
  readonly runner: 'queue' | 'works' | 'gone' | 'ended'
  /** What stands in the matrix; `breaks` where a check that was green is red. */
  readonly checks: 'none' | 'tests' | 'steps' | 'breaks' | 'red' | 'unverified' | 'unverified and broken'
  readonly verdict: 'none' | 'approve' | 'veto' | 'not-judged'
  readonly warnings: 'none' | 'notice' | 'open' | 'ticked'
  /** What a person took on beside the warnings. */
  readonly words: 'none' | 'given'
  /**
   * `imported`: a whole one, of a session that was made elsewhere. `approved`: whole, and a person has said yes. `decided`:
   * a whole one of another machine, and a person's word is on its way there.
   */
  readonly patch: 'whole' | 'approved' | 'decided' | 'dropping' | 'pushed' | 'imported'
  /** `elsewhere`: another machine has it, and goes on with it. */
  readonly place: 'here' | 'elsewhere'
  readonly failure: 'none' | 'repair-needs-key' | 'repair-needs-model' | 'no-key' | 'other'
}

const dimensions = {
  outcome: ['none', ...Outcome.options],
  runner: ['queue', 'works', 'gone', 'ended'],
  checks: ['none', 'tests', 'steps', 'breaks', 'red', 'unverified', 'unverified and broken'],
  verdict: ['none', 'approve', 'veto', 'not-judged'],
  warnings: ['none', 'notice', 'open', 'ticked'],
  words: ['none', 'given'],
  patch: ['whole', 'approved', 'decided', 'dropping', 'pushed', 'imported'],
  place: ['here', 'elsewhere'],
  failure: ['none', 'repair-needs-key', 'repair-needs-model', 'no-key', 'other'],
} as const satisfies { readonly [Name in keyof Combination]: readonly Combination[Name][] }

/** Every combination that a log can tell, by the rules below; nothing that is left out has ever been written. */
export function combinations(): readonly Combination[] {
  let all: readonly Partial<Combination>[] = [{}]
  for (const [name, values] of Object.entries(dimensions)) {
    all = all.flatMap((one) => values.map((value: string) => ({ ...one, [name]: value })))
  }
  return (all as readonly Combination[]).filter((one) => impossible.every((rule) => !rule(one)))
}

const accepted: readonly string[] = ['published', 'merged', 'closed']
const waits = ({ outcome }: Combination): boolean => outcome === 'awaiting-review'

const impossible: readonly ((one: Combination) => boolean)[] = [
  // Without an outcome somebody is at work, or was; with one somebody is only while a patch that waits is checked again.
  ({ outcome, runner }) => outcome === 'none' && runner === 'ended',
  ({ outcome, runner }) => !['none', 'awaiting-review'].includes(outcome) && runner !== 'ended',
  ({ outcome, runner }) => outcome !== 'none' && runner === 'queue',
  // A session that waits for a slot has done nothing.
  ({ runner, checks, warnings }) => runner === 'queue' && (checks !== 'none' || warnings !== 'none'),
  // The judge is asked about a patch that was checked.
  ({ checks, verdict }) => checks === 'none' && verdict !== 'none',
  ({ checks, verdict }) => ['breaks', 'unverified and broken'].includes(checks) && verdict === 'approve',
  // Ticks are a person's, who is asked where a session waits; a published one carries them.
  (one) => one.warnings === 'ticked' && !waits(one) && !accepted.includes(one.outcome),
  (one) => one.words === 'given' && !waits(one) && !accepted.includes(one.outcome),
  ({ outcome, warnings }) => accepted.includes(outcome) && warnings === 'open',
  // Only what waits, or waited and was given up, holds a drop that never came to its end, or a branch that was pushed.
  (one) => one.patch === 'dropping' && !waits(one) && one.outcome !== 'rejected',
  (one) =>
    one.patch === 'pushed' && !waits(one) && !accepted.includes(one.outcome) && one.outcome !== 'rejected',
  // An imported session that was published elsewhere is one that was pushed; nobody works on it, or ticks a box of it.
  (one) => one.patch === 'imported' && (!waits(one) || one.runner !== 'ended'),
  (one) => one.patch === 'imported' && (one.warnings === 'ticked' || one.words === 'given'),
  // What is elsewhere is not imported; a word goes there where a whole patch waits, and only its own machine can tell
  // that a later check of it stopped.
  ({ patch, place }) => patch === 'imported' && place !== 'here',
  (one) => one.patch === 'decided' && (!waits(one) || one.runner !== 'ended' || one.place === 'here'),
  (one) => one.patch === 'decided' && (one.warnings === 'ticked' || one.words === 'given'),
  (one) => one.place === 'elsewhere' && waits(one) && one.runner === 'gone',
  // What is approved was green or taken on, with every box ticked, and waits.
  (one) => one.patch === 'approved' && (!waits(one) || one.runner !== 'ended' || one.warnings === 'open'),
  ({ patch, checks, verdict }) =>
    patch === 'approved' && (verdict === 'veto' || !['tests', 'steps', 'unverified'].includes(checks)),
  ({ outcome, patch }) => accepted.includes(outcome) && patch !== 'pushed',
  ({ patch, checks, verdict }) =>
    patch === 'pushed' && (verdict === 'veto' || !['tests', 'steps', 'unverified'].includes(checks)),
  ({ outcome, verdict }) => outcome === 'vetoed' && verdict !== 'veto',
  ({ outcome, verdict }) =>
    verdict === 'veto' &&
    !['none', 'vetoed', 'awaiting-review', 'rejected', 'cancelled', 'interrupted'].includes(outcome),
  // The agent is stopped before anybody judges.
  ({ outcome, verdict }) =>
    ['turn-limit', 'cannot-repair', 'up-to-date', 'setup-failed'].includes(outcome) && verdict !== 'none',
  ({ outcome, checks, warnings }) =>
    outcome === 'up-to-date' && (checks !== 'none' || ['open', 'ticked'].includes(warnings)),
  // A failure is said at an end; nothing fails that was accepted, given up, or is at work.
  ({ outcome, failure }) =>
    failure !== 'none' &&
    ['none', 'up-to-date', 'vetoed', 'turn-limit', 'cannot-repair', ...accepted].includes(outcome),
  ({ outcome, failure }) => failure.startsWith('repair-needs-') && outcome !== 'verification-failed',
  ({ outcome, failure }) => failure === 'no-key' && outcome !== 'setup-failed',
  // What a missing model ended was broken, and was neither judged nor looked at.
  ({ failure, checks, verdict }) =>
    failure.startsWith('repair-needs-') &&
    (verdict !== 'none' || !['breaks', 'unverified and broken'].includes(checks)),
]

const base = sessionView(fixtureSessions().get('review')?.events ?? [])

const warningOf: Readonly<Record<Combination['warnings'], readonly Warning[]>> = {
  none: [],
  notice: [{ code: 'unneeded:a', message: 'Said only.', severity: 'notice' }],
  open: [{ code: 'new-skip:a', message: 'Look at it.', severity: 'acknowledge' }],
  ticked: [{ code: 'new-skip:a', message: 'Look at it.', severity: 'acknowledge' }],
}

/** A session of which the combination is true, and what a person said beside it. */
export function sessionOf(one: Combination): {
  readonly session: SessionView
  readonly settled: boolean
  readonly said: {
    readonly acknowledged: ReadonlySet<string>
    readonly withoutJudge: boolean
    readonly unverified: boolean
  }
} {
  const given = one.words === 'given'
  const session: SessionView = {
    ...base,
    outcome: one.outcome === 'none' ? null : one.outcome,
    reason: 'The reason.',
    // Nobody on this machine holds what is elsewhere.
    alive: one.place !== 'here' || one.runner === 'gone' ? false : one.runner !== 'ended',
    stages: one.runner === 'queue' || one.runner === 'works' ? [openStage(one.runner)] : [],
    matrix: matrixOf(one.checks),
    verdict: one.verdict === 'none' ? null : verdictOf(one.verdict),
    warnings: warningOf[one.warnings].map((warning) => ({
      ...warning,
      acknowledged: one.warnings === 'ticked',
    })),
    branch: one.patch === 'pushed' ? 'drydock/it' : null,
    failure: failureOf(one.failure),
    approval: one.patch === 'approved' ? approvalOf(one) : null,
    ...importedOf(one),
    ...(one.patch === 'dropping' ? { dropping: ['src/a.ts'] } : {}),
  }
  return {
    session,
    settled: one.runner === 'ended',
    said: {
      acknowledged: new Set(one.warnings === 'ticked' ? ['new-skip:a'] : []),
      withoutJudge: given,
      unverified: given,
    },
  }
}

function approvalOf({ warnings }: Combination): SessionView['approval'] {
  const acknowledged = warnings === 'ticked' ? ['new-skip:a'] : []
  const of = { digest: 'a'.repeat(64), baseCommit: 'a'.repeat(40), at: base.createdAt }
  return { ...of, acknowledged, withoutJudge: true }
}

function importedOf({ patch, place, runner }: Combination): Pick<SessionView, 'imported'> {
  const imported = { at: base.createdAt, archive: 'a'.repeat(64) }
  if (place === 'here') return patch === 'imported' ? { imported } : {}
  const atWork = runner === 'works' || runner === 'queue'
  const by = { id: '20260101T000000000Z-0123456789ab', by: 'Ann', at: base.createdAt }
  const decision = patch === 'decided' ? { decision: { ...by, verdict: 'approve' as const } } : {}
  return { imported: { ...imported, elsewhere: { campaign: 'it', worker: 'a:1', atWork, ...decision } } }
}

function openStage(runner: 'queue' | 'works'): SessionView['stages'][number] {
  const name = runner === 'queue' ? 'queue' : 'repair'
  return { name, status: 'running', startedAt: base.createdAt, durationMs: null, cached: false }
}

function verdictOf(decision: Verdict['decision']): Verdict {
  return { decision, summary: 'Its reason.', samples: 1, costUsd: 0 }
}

function failureOf(code: Combination['failure']): SessionView['failure'] {
  if (code === 'none') return null
  return { code: code === 'other' ? 'engine-lost' : code, message: 'What happened.', next: 'What to do.' }
}

function matrixOf(checks: Combination['checks']): Matrix | null {
  if (checks === 'none') return null
  const verified = !checks.startsWith('unverified')
  const green = checks === 'tests' || checks === 'steps'
  const breaks = checks === 'breaks' || checks === 'unverified and broken' ? ['1 test broken: it.'] : []
  const proof = verified ? (checks === 'steps' ? 'steps' : 'tests') : 'none'
  return {
    counts: { ...noTests, passing: 3, broken: breaks.length },
    tests: [],
    steps: [],
    reasons: green ? [] : ['Why.'],
    ...{ green, verified, breaks, proof },
  }
}
