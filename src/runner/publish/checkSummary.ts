import { badges, standing } from '../../contract/proof.ts'
import type { CheckSummary } from '../../contract/pullRequest.ts'
import { Label } from '../../contract/report.ts'
import type { SessionView } from '../../contract/sessionView.ts'

/** The result as a host shows it beside the commit; what no test stands for is neutral, never a success. */
export function checkSummary({ matrix }: SessionView): CheckSummary {
  const state = matrix === null ? 'not verified' : standing(matrix)
  const counts = Label.options
    .filter((label) => (matrix?.counts[label] ?? 0) > 0)
    .map((label) => `${matrix?.counts[label]} ${label}`)
  const title = [badges[state], ...counts].join(', ')
  const conclusion = {
    tests: 'success',
    steps: 'neutral',
    red: 'failure',
    'not verified': 'neutral',
  } as const
  return { name: 'drydock', conclusion: conclusion[state], title: title.slice(0, 140), summary: title }
}
