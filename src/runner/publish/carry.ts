import type { BaseRefusal } from '../../contract/newBase.ts'
import { doubt, isProven, standing } from '../../contract/proof.ts'
import type { Matrix } from '../../contract/report.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Warning } from '../../contract/verdict.ts'

/** What the checks of a change on its new base came to. */
export interface FoundThere {
  readonly matrix: Matrix
  readonly objections: readonly string[]
  readonly warnings: readonly Warning[]
}

const mostReasons = 10

/**
 * What keeps the approval of a change from holding for it on another base; undefined where it holds: the checks there
 * are as good as those that were approved, and nothing has to be looked at that nobody has seen.
 */
export function againstCarrying(
  view: Pick<SessionView, 'matrix' | 'warnings'>,
  { matrix, objections, warnings }: FoundThere,
): Pick<BaseRefusal, 'kind' | 'reasons'> | undefined {
  const red = [...(standing(matrix) === 'red' ? matrix.reasons : []), ...objections]
  if (standing(matrix) === 'red' || objections.length > 0)
    return { kind: 'red', reasons: red.length === 0 ? ['a check fails'] : red.slice(0, mostReasons) }
  // A person took on what could not be proven there, not what can no longer be proven here.
  if (isProven(view.matrix) ? !isProven(matrix) : less(matrix, view.matrix))
    return { kind: 'less-proven', reasons: [doubt(matrix)] }
  const seen = new Set(view.warnings.filter((one) => one.acknowledged).map(({ code }) => code))
  const unseen = warnings.filter(({ severity, code }) => severity === 'acknowledge' && !seen.has(code))
  if (unseen.length > 0)
    return { kind: 'warnings', reasons: unseen.slice(0, mostReasons).map(({ code }) => code) }
  return undefined
}

const worth = { red: 0, 'not verified': 1, steps: 2, tests: 3 } as const

function less(matrix: Matrix, before: Matrix | null): boolean {
  return before !== null && worth[standing(matrix)] < worth[standing(before)]
}
