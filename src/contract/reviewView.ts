import { z } from 'zod'
import { Sha256 } from './patch.ts'
import { SessionView } from './sessionView.ts'

/** What a reviewer leaves out: one hunk of a file (from 0), or the whole file where `hunk` is missing. */
export const DroppedPart = z.strictObject({ path: z.string(), hunk: z.int().nonnegative().optional() })
export type DroppedPart = z.infer<typeof DroppedPart>

/** What a person asked for and the runner has not answered yet. */
export const PendingRequest = z.enum([
  'approve',
  'reject',
  'retry',
  'cancel',
  'verify',
  'restore',
  'checkOut',
])
export type PendingRequest = z.infer<typeof PendingRequest>

/** A failed test's first lines, from the run that judges the patch. */
export const TestMessage = z.strictObject({ id: z.string(), message: z.string() })
export type TestMessage = z.infer<typeof TestMessage>

/** A session as the review panel shows it. */
export const ReviewView = z.strictObject({
  session: SessionView,
  /**
   * Nothing happened to the patch since the session's last outcome. While it is false a verification may be under
   * way, and what the matrix says is about another patch.
   */
  settled: z.boolean(),
  /** Of the patch on show; not verified without them yet. */
  dropped: z.array(DroppedPart),
  /** The patch that the one on show was made from by dropping parts: it can be taken back. */
  earlier: z.strictObject({ digest: Sha256, approvable: z.boolean() }).nullable(),
  pending: PendingRequest.nullable(),
  testMessages: z.array(TestMessage),
})
export type ReviewView = z.infer<typeof ReviewView>

/** A turn of the agent in one line; what was said and done is asked for when a person opens it. */
export const TurnHead = z.strictObject({
  /** Place among the session's turns, from 0. */
  index: z.int().nonnegative(),
  attempt: z.int().positive(),
  turn: z.int().positive(),
  /** First line of the text. */
  text: z.string().max(300),
  /** What was done, in words: `Edited lib/order.js +1 −2`. */
  actions: z.array(z.strictObject({ text: z.string().max(200), status: z.enum(['running', 'ok', 'error']) })),
  costUsd: z.number().nonnegative(),
  durationMs: z.number().nonnegative(),
})
export type TurnHead = z.infer<typeof TurnHead>

export const TurnDetail = z.strictObject({
  index: z.int().nonnegative(),
  text: z.string(),
  /** The exact request and reply are in the session. */
  kept: z.boolean(),
  calls: z.array(
    z.strictObject({
      name: z.string(),
      input: z.string(),
      /** Undefined while the tool runs. */
      result: z.strictObject({ isError: z.boolean(), text: z.string() }).optional(),
    }),
  ),
})
export type TurnDetail = z.infer<typeof TurnDetail>
