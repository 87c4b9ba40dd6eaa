import { z } from 'zod'
import { AttemptEnd } from './attempt.ts'
import { Sha256 } from './patch.ts'

export const AttemptView = z.strictObject({
  attempt: z.int().positive(),
  model: z.string(),
  promptHash: Sha256.optional(),
  turns: z.int().nonnegative(),
  costUsd: z.number().nonnegative(),
  /** Null while it runs. */
  end: AttemptEnd.nullable(),
  detail: z.string().optional(),
  /** The agent's own words at its end; claims that nobody checked. */
  account: z.string().optional(),
})
export type AttemptView = z.infer<typeof AttemptView>
