import { z } from 'zod'
import { Compared, TestOutcome } from './report.ts'

/** One line of a structured reporter's file: one test, or one file that did not load. */
export const ResultLine = z.object({
  /** Absolute in the container. */
  file: z.string().optional(),
  /** Folder that the runner was started in, where it does not know a test's file. */
  folder: z.string().optional(),
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

/** Another line of such a file: a script that tests ran in a package, or with a runner that names none. */
export const PartLine = z.object({
  /** Folder of the package. */
  part: z.string(),
  /** Its name in the manifest. */
  name: z.string().optional(),
  /** Such as `karma`. */
  runner: z.string().optional(),
})
export type PartLine = z.infer<typeof PartLine>
