import { badges, standing } from '../../contract/proof.ts'
import type { CheckSummary } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { beforeAndAfter, countsLine, matrixPart } from './body/checks.ts'
import { fitted } from './body/part.ts'
import { inlineCode } from './markdown.ts'

const maxSummary = 65_535

/** The three runs as a host shows them beside the commit; what no test stands for is neutral, never a success. */
export function checkSummary(view: SessionView, commit?: string): CheckSummary {
  const { matrix, id } = view
  const state = matrix === null ? 'not verified' : standing(matrix)
  const counts = countsLine(view)
  const title = counts === '' ? badges[state] : `${badges[state]}: ${counts}`
  const conclusion = {
    tests: 'success',
    steps: 'neutral',
    red: 'failure',
    'not verified': 'neutral',
  } as const
  const parts = [beforeAndAfter(view, commit === undefined ? {} : { commit }), ...matrixPart(view)]
  const pointer = `the evidence has them (${inlineCode(`drydock evidence ${id}`)})`
  return {
    ...{ name: 'drydock', conclusion: conclusion[state], title: title.slice(0, 140) },
    summary: fitted(parts, maxSummary, pointer),
  }
}
