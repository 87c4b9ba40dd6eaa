import type { Step, SummaryFailure, TestResult } from '../../contract/report.ts'

/** What runners say of a file that could not be loaded, where they say nothing. */
const shells = new Set(['', 'test failed', "'test failed'", 'failed without a message'])

/** Failed tests with what the log says of them, where their runner only says that they failed. */
export function withCauses(tests: readonly TestResult[], steps: readonly Step[]): readonly TestResult[] {
  const failures = steps.flatMap(({ name, summary }) => (name === 'test' ? (summary?.failures ?? []) : []))
  if (failures.length === 0) return tests
  return tests.map((test) => {
    if (test.outcome !== 'failed' || !shells.has(test.message?.trim() ?? '')) return test
    const cause = failures.find((failure) => isOf(failure, test))?.message
    return cause === undefined || shells.has(cause.trim()) ? test : { ...test, message: cause }
  })
}

/** A file that fails as a whole is a test of its own path. */
function isOf({ file, test }: SummaryFailure, result: TestResult): boolean {
  if (test !== undefined) return test === result.id || test === result.file
  return file !== undefined && result.id === result.file && file === result.file
}
