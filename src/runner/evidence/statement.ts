import type { EvidenceStatement } from '../../contract/evidence.ts'
import { standing } from '../../contract/proof.ts'
import type { Matrix, Report } from '../../contract/report.ts'
import type { Bundle } from './value.ts'

const results = { tests: 'PASSED', steps: 'WARNED', 'not verified': 'WARNED', red: 'FAILED' } as const

/** A bundle's statement; it follows from the other files, so that nothing in it can be changed alone. */
export function statementOf(
  { record, reports, matrix }: Bundle,
  digests: ReadonlyMap<string, string>,
): EvidenceStatement {
  const { url, baseCommit } = record.repository
  const last = reports.dropped ?? reports.repair ?? reports.update
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [...digests].map(([name, sha256]) => ({ name, digest: { sha256 } })),
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: results[standing(matrix)],
      configuration: [
        { name: 'base', ...(url === undefined ? {} : { uri: url }), digest: { gitCommit: baseCommit } },
        ...record.images.map(({ role, digest }) => ({ name: `image of ${role}`, digest: { image: digest } })),
      ],
      ...testsOf(last, matrix),
    },
  }
}

/** Tests of the last run; a failure that the base knows, or that comes and goes, is a warning. */
function testsOf(last: Report | undefined, matrix: Matrix) {
  const mild = new Set(
    matrix.tests.flatMap(({ id, label }) => (['already failing', 'flaky'].includes(label) ? [id] : [])),
  )
  const ids = (wanted: (test: Report['tests'][number]) => boolean): string[] =>
    (last?.tests ?? []).filter(wanted).map(({ id }) => id)
  return {
    passedTests: ids(({ id, outcome }) => outcome === 'passed' && !mild.has(id)),
    warnedTests: ids(({ id, outcome }) => ['passed', 'failed'].includes(outcome) && mild.has(id)),
    failedTests: ids(({ id, outcome }) => outcome === 'failed' && !mild.has(id)),
  }
}
