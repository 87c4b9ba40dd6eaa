import { z } from 'zod'
import type { FailureCode } from '../../contract/failure.ts'
import { standing } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { factsOf } from '../../contract/statistics/facts.ts'
import type { RepairCase } from './set.ts'

/**
 * What a case came to. `repaired`, `not repaired`: an agent was asked; `nothing broke`: none was needed; `stopped`: the
 * session could not tell; `absent`: its repository is not to be had.
 */
export const CaseEnd = z.enum(['repaired', 'not repaired', 'nothing broke', 'stopped', 'absent'])
export type CaseEnd = z.infer<typeof CaseEnd>

export const CaseResult = z.strictObject({
  id: z.string(),
  /** What the result depends on beside the case: another model, templates or program is another result. */
  run: z.string(),
  end: CaseEnd,
  outcome: z.string(),
  reason: z.string(),
  /** Every check as good as before, by tests or by commands; the build alone; null where it was not measured. */
  byChecks: z.boolean().nullable(),
  byBuild: z.boolean().nullable(),
  /** Tests that passed before ran again and pass; missing in results of earlier versions. */
  byTests: z.boolean().nullable().optional(),
  vetoed: z.boolean(),
  class: z.string(),
  /** Against what is known of the played patch; null where nothing is. */
  truth: z.enum(['right', 'false green', 'false red']).nullable(),
  attempts: z.int().nonnegative(),
  turns: z.int().nonnegative(),
  tokens: z.int().nonnegative(),
  costUsd: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  session: z.string().nullable(),
})
export type CaseResult = z.infer<typeof CaseResult>

/** The result of a case that had no session. */
export function withoutSession(one: RepairCase, run: string, end: CaseEnd, reason: string): CaseResult {
  return {
    ...{ id: one.id, run, end, outcome: '', reason, byChecks: null, byBuild: null, byTests: null },
    ...{ vetoed: false },
    ...{ class: one.class ?? 'unknown', truth: null, attempts: 0, turns: 0, tokens: 0 },
    ...{ costUsd: 0, seconds: 0, session: null },
  }
}

export function resultOf(one: RepairCase, run: string, view: SessionView): CaseResult {
  const { attempts, turns, tokens, costUsd, workMs } = factsOf(view)
  const [byChecks, byBuild] = [greenOf(view), buildOf(view)]
  const repaired = (one.judged === 'build' ? byBuild : byChecks) === true
  const end = attempts === 0 ? untouched(view) : repaired ? 'repaired' : 'not repaired'
  return {
    ...{ id: one.id, run, end, outcome: view.outcome ?? 'none', reason: view.reason ?? '' },
    ...{
      byChecks,
      byBuild,
      byTests: byTestsOf(view),
      vetoed: view.outcome === 'vetoed',
      class: one.class ?? classOf(view),
    },
    truth: attempts === 0 || brokenOff.has(view.outcome) ? null : truthOf(one, repaired),
    ...{ attempts, turns, tokens, costUsd, seconds: Math.round(workMs / 100) / 10, session: view.id },
  }
}

/** What was not there that no case can do without. */
const missing = new Set<FailureCode | undefined>([
  'model-unavailable',
  'repair-needs-model',
  'engine-lost',
  'engine-not-found',
  'disk-full',
])

/** Whether it ended for a reason that is nothing of the case's: it is to be run again. */
export function saysNothing({ outcome, failure }: Pick<SessionView, 'outcome' | 'failure'>): boolean {
  return outcome === 'cancelled' || outcome === 'interrupted' || missing.has(failure?.code)
}

/** A judge that vetoes comes after the checks: what they say of the patch stays said. */
function greenOf({ matrix }: SessionView): boolean | null {
  return matrix === null ? null : ['tests', 'steps'].includes(standing(matrix))
}

function byTestsOf({ matrix }: SessionView): boolean | null {
  return matrix === null ? null : standing(matrix) === 'tests'
}

function buildOf({ matrix }: SessionView): boolean | null {
  const builds = (matrix?.steps ?? []).filter(({ name, base }) => name === 'build' && base === true)
  if (builds.length === 0) return null
  return builds.every(({ repair, update }) => repair ?? update ?? false)
}

/** Ends that say nothing of a patch. */
const brokenOff = new Set<SessionView['outcome']>([
  null,
  'cancelled',
  'interrupted',
  'setup-failed',
  'budget-exceeded',
])

function untouched({ matrix, outcome }: SessionView): CaseEnd {
  return matrix !== null && outcome !== 'setup-failed' && standing(matrix) !== 'red'
    ? 'nothing broke'
    : 'stopped'
}

function truthOf({ played }: RepairCase, repaired: boolean): CaseResult['truth'] {
  if (played === undefined) return null
  if (played.repairs === repaired) return 'right'
  return repaired ? 'false green' : 'false red'
}

/** What the update's first broken step was abstracted to. */
function classOf({ reports }: SessionView): string {
  const failed = (reports.update?.steps ?? []).find(({ exitCode }) => exitCode !== 0)
  return failed?.summary?.category ?? 'unknown'
}
