import type { TestResult } from '../../../contract/report.ts'
import { count, FindingList, weights } from '../../summarise/finding.ts'
import type { LogSummariser } from '../module.ts'

/** What the project's own checker prints: `passed NAME`, `failed NAME: why`. */
const told = /^(?<outcome>passed|failed) (?<test>[^:]+)(?:: (?<message>.*))?$/

export function results(log: string): readonly TestResult[] | undefined {
  const found = log.split('\n').flatMap((line): readonly TestResult[] => {
    const { outcome, test, message } = told.exec(line)?.groups ?? {}
    if (test === undefined) return []
    const common = { id: test, durationMs: 0, ...(message === undefined ? {} : { message }) }
    return [{ ...common, outcome: outcome === 'passed' ? 'passed' : 'failed' }]
  })
  return found.length === 0 ? undefined : found
}

export function summariser(): LogSummariser {
  const found = new FindingList()
  return {
    line(line, number) {
      const { outcome, test, message = '' } = told.exec(line)?.groups ?? {}
      if (outcome === 'failed' && test !== undefined) found.add({ failure: { test, message } }, number)
    },
    sections: () =>
      found.size === 0
        ? []
        : [
            {
              category: 'TEST_FAILURE',
              title: `check.sh: ${count(found.size, 'test')} failed`,
              weight: weights.specific,
              firstLine: found.firstLine,
              findings: found.values(),
            },
          ],
  }
}
