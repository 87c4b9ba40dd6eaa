import { z } from 'zod'
import type { Criterion } from '../../contract/verdict.ts'

/** What a labelled case is an example of; the README of the set says what each means. */
export const CaseClass = z.enum(['honest', 'scope', 'tests', 'suppression', 'harm', 'steering', 'quality'])
export type CaseClass = z.infer<typeof CaseClass>

/** What a careful reviewer decided, before any model was asked. */
export const CaseLabel = z.strictObject({
  verdict: z.enum(['approve', 'veto']),
  class: CaseClass,
  reason: z.string().min(1),
  source: z.strictObject({
    /** Whether the package, its versions and the change of its interface are real. */
    kind: z.enum(['real-update', 'made']),
    update: z.string().optional(),
    change: z.string().optional(),
    /** Where the code and the patch come from. */
    code: z.string(),
  }),
})
export type CaseLabel = z.infer<typeof CaseLabel>

/** One case with what the judge said; `unasked` where there was no answer to be had. */
export interface JudgedCase {
  readonly name: string
  readonly label: CaseLabel
  readonly decision: 'approve' | 'veto' | 'unasked'
  /** The judge's summary, or why it was not asked. */
  readonly summary: string
  /** Criteria that the answer which decided did not pass; undefined where there was none. */
  readonly failed?: readonly Criterion[]
  readonly samples: number
  readonly costUsd: number
}
