import { z } from 'zod'
import { Failure } from './failure.ts'

/** What a running session is asked over its local socket: one JSON line, answered by one. */
export const ControlRequest = z.strictObject({ v: z.literal(1), type: z.enum(['status', 'cancel']) })
export type ControlRequest = z.infer<typeof ControlRequest>

export const ControlAnswer = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), pid: z.int().positive(), cancelling: z.boolean() }),
  z.strictObject({ ok: z.literal(false), failure: Failure }),
])
export type ControlAnswer = z.infer<typeof ControlAnswer>
