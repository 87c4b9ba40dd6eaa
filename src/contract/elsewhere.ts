import { z } from 'zod'
import { CommitId, Sha256 } from './patch.ts'
import { SessionId } from './sessionId.ts'

/** Names one decision of a person about a session that lies on another machine. */
export const DecisionId = z.string().regex(/^\d{8}T\d{9}Z-[0-9a-f]{12}$/)
export type DecisionId = z.infer<typeof DecisionId>

export const DecisionVerdict = z.enum(['approve', 'reject'])
export type DecisionVerdict = z.infer<typeof DecisionVerdict>

/** Where a session is whose log was fetched from a store that machines share. */
export const Elsewhere = z.strictObject({
  campaign: z.string(),
  /** Host and process, as the campaign's log names them. */
  worker: z.string(),
  /** Whether the campaign had it at work when it was fetched. */
  atWork: z.boolean(),
  /** What a person decided and its machine has not taken yet. */
  decision: z
    .strictObject({ id: DecisionId, verdict: DecisionVerdict, by: z.string(), at: z.iso.datetime() })
    .optional(),
})
export type Elsewhere = z.infer<typeof Elsewhere>

/** Whether a session lies on another machine, which alone goes on with it. */
export function isElsewhere({
  imported,
}: {
  readonly imported?: { readonly elsewhere?: Elsewhere | undefined } | undefined
}): boolean {
  return imported?.elsewhere !== undefined
}

// A text of another machine's: no line end and no control character gets any further.
const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\u2028\u2029\p{Bidi_Control}]*$/u)

const common = {
  v: z.literal(1),
  id: DecisionId,
  session: SessionId,
  /** Their name, as their git has it. */
  by: line(200).min(1),
  email: line(320).min(1),
  at: z.iso.datetime(),
  /** Of the patch that they saw. */
  digest: Sha256,
  baseCommit: CommitId,
}

/** A person's decision on its way to the machine that has the session. */
export const Decision = z.discriminatedUnion('verdict', [
  z.strictObject({
    ...common,
    verdict: z.literal('approve'),
    acknowledged: z.array(line(5000)).max(1000),
    withoutJudge: z.boolean(),
    unverified: z.boolean(),
  }),
  z.strictObject({ ...common, verdict: z.literal('reject'), reason: line(10_000) }),
])
export type Decision = z.infer<typeof Decision>
