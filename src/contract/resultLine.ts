import { z } from 'zod'
import { Compared, TestOutcome } from './report.ts'

/** One line of a structured reporter's file in `$DRYDOCK_RESULTS`: one test, or one file that did not load. */
export const ResultLine = z.object({
  /** As the runner knows it: absolute in the container, or relative to its working directory. */
  file: z.string().optional(),
  suite: z.array(z.string()),
  /** Empty where the file or the suite itself is meant, such as a file that could not be loaded. */
  title: z.string(),
  outcome: TestOutcome,
  durationMs: z.number().nonnegative(),
  /** First lines of the failure. */
  message: z.string().optional(),
  /** Present where an assertion did not hold. */
  compared: Compared.optional(),
})
export type ResultLine = z.infer<typeof ResultLine>
