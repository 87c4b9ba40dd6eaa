import { z } from 'zod'
import { type Report, Step } from './report.ts'

/** A report without its list of tests: what is not passing stands in the matrix. */
export const ReportView = z.strictObject({
  attempt: z.int().positive().optional(),
  ok: z.boolean(),
  steps: z.array(Step),
  testsNamed: z.boolean(),
  tests: z.strictObject({
    passed: z.int().nonnegative(),
    failed: z.int().nonnegative(),
    skipped: z.int().nonnegative(),
    todo: z.int().nonnegative(),
  }),
  setupError: z.string().optional(),
  notes: z.array(z.string()),
  toolchain: z.string().optional(),
})
export type ReportView = z.infer<typeof ReportView>

/** A report as a session's view keeps it. */
export function reported({
  attempt,
  report,
}: {
  readonly attempt?: number | undefined
  readonly report: Report
}): ReportView {
  const { ok, steps, testsNamed, setupError, notes, toolchain } = report
  return {
    ...(attempt === undefined ? {} : { attempt }),
    ...{ ok, steps, testsNamed, tests: countTests(report), notes },
    ...(toolchain === undefined ? {} : { toolchain }),
    ...(setupError === undefined ? {} : { setupError }),
  }
}

function countTests({ tests }: Report): ReportView['tests'] {
  const counts = { passed: 0, failed: 0, skipped: 0, todo: 0 }
  for (const { outcome } of tests) counts[outcome] += 1
  return counts
}
