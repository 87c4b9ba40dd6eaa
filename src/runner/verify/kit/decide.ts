import { cutShort } from '../steps.ts'
import { lookAtSteps, stepText, summaries } from './deadSteps.ts'
import { differences, type PutBackRuns } from './differences.ts'
import type { Findings, Rewritten } from './findings.ts'
import { lookAtTests } from './lostTests.ts'
import type { KitUnit } from './units.ts'

export type Decision =
  | { readonly kind: 'same' }
  /** What was put back no longer runs with the new version. */
  | { readonly kind: 'excused'; readonly what: readonly string[] }
  | {
      readonly kind: 'expectation'
      readonly what: readonly string[]
      readonly rewritten: readonly Rewritten[]
    }
  /** It runs, and something fails that passes only as the patch has it; `failures` is what the run says of it. */
  | { readonly kind: 'objection'; readonly what: readonly string[]; readonly failures: readonly string[] }

/**
 * What a run with a unit of the base put back shows. Decided by what ran: which steps did any work, which files were
 * loaded, which tests failed by an assertion, and whether the update alone does the same.
 */
export function decide(unit: KitUnit, runs: PutBackRuns): Decision {
  const { report } = runs.back
  if (report.setupError !== undefined)
    return { kind: 'objection', what: [`the run could not be made: ${report.setupError}`], failures: [] }
  const differing = differences(runs)
  const { steps, tests } = differing
  if (steps.length === 0 && tests.length === 0) return { kind: 'same' }
  const found: Findings = { explained: [], objections: [], failures: [], rewritten: [] }
  const cut = steps.filter((step) => cutShort(report, step))
  for (const step of cut) found.objections.push(`${stepText(step, report)}: it was ended from outside`)
  const dead = lookAtSteps(
    steps.filter((step) => !cut.includes(step)),
    unit,
    runs,
    found,
  )
  if (!cut.includes('test')) lookAtTests(tests, dead, unit, runs, found)
  const silent =
    steps.includes('test') && tests.length === 0 && !dead.includes('test') && !cut.includes('test')
  if (silent && found.objections.length === 0 && !dead.includes('build')) {
    found.objections.push(`${stepText('test', report)}, although every test that passed before passes`)
    found.failures.push(...summaries('test', report))
  }
  if (found.objections.length > 0)
    return { kind: 'objection', what: found.objections, failures: found.failures }
  if (found.rewritten.length > 0)
    return { kind: 'expectation', what: found.explained, rewritten: found.rewritten }
  return { kind: 'excused', what: found.explained }
}
