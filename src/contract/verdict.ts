import { z } from 'zod'

export const Criterion = z.enum(['in_scope', 'safe', 'quality'])
export type Criterion = z.infer<typeof Criterion>

export const CriterionVerdict = z.strictObject({
  pass: z.boolean(),
  reason: z.string(),
  /** Quotations, each of which occurs in the patch. */
  evidence: z.array(z.string()),
})
export type CriterionVerdict = z.infer<typeof CriterionVerdict>

/** The judge's answer. `not-judged` is said, never implied: no key, or judging was switched off. */
export const Verdict = z.strictObject({
  decision: z.enum(['approve', 'veto', 'not-judged']),
  criteria: z.record(Criterion, CriterionVerdict).optional(),
  summary: z.string(),
  model: z.string().optional(),
  /** Model calls made for this verdict. */
  samples: z.int().nonnegative(),
  /** sha256 of the prompt and rubric. */
  promptHash: z.string().optional(),
  costUsd: z.number().nonnegative(),
})
export type Verdict = z.infer<typeof Verdict>

/** Something a person must look at; `code` is what `--acknowledge` takes. */
export const Warning = z.strictObject({
  /** `kind` or `kind:subject`, such as `protected-path:.github/workflows/ci.yml`. */
  code: z.string(),
  message: z.string(),
  path: z.string().optional(),
  /** Lines of the change that it is about; the message names the first of them as `placesText` does. */
  places: z.array(z.strictObject({ path: z.string(), line: z.int().positive() })).optional(),
  /** `acknowledge` blocks publishing until a person ticks it; `notice` is only shown. */
  severity: z.enum(['notice', 'acknowledge']),
})
export type Warning = z.infer<typeof Warning>
