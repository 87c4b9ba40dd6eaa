import { z } from 'zod'

const Counts = z.strictObject({
  input_tokens: z.int().nonnegative(),
  output_tokens: z.int().nonnegative(),
  cache_read_input_tokens: z.int().nonnegative().optional(),
  cache_creation_input_tokens: z.int().nonnegative().optional(),
})

/** One answer of the played model. */
export const Turn = z.strictObject({
  text: z.string().optional(),
  toolUses: z
    .array(z.strictObject({ id: z.string().optional(), name: z.string(), input: z.unknown() }))
    .optional(),
  /** `tool_use` where there are tool uses, else `end_turn`. */
  stopReason: z.string().optional(),
  usage: Counts.optional(),
})
export type Turn = z.infer<typeof Turn>

export const FaultKind = z.enum([
  'rate-limit',
  'overloaded',
  'server-error',
  'bad-request',
  'unauthorized',
  'drop-connection',
  'drop-stream',
  'stall-stream',
  'malformed-json',
  'malformed-sse',
  'stream-error',
  'bad-arguments',
  'unknown-tool',
  'endless-tools',
])
export type FaultKind = z.infer<typeof FaultKind>

/** A fault in place of the answer to the nth request of a purpose, counted from 1. */
export const Fault = z.strictObject({
  request: z.int().positive(),
  kind: FaultKind,
  /** Only faults of this purpose's requests; the agent's where undefined. */
  purpose: z.enum(['agent', 'judge', 'distil']).optional(),
  /** Repeated for this many requests. */
  times: z.int().positive().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
})
export type Fault = z.infer<typeof Fault>

/** A script file: what the model says, in order, to the agent and to the judge. */
export const Script = z.strictObject({
  description: z.string().optional(),
  agent: z.array(Turn).default([]),
  judge: z.array(Turn).default([]),
  distil: z.array(Turn).default([]),
  faults: z.array(Fault).default([]),
})
export type Script = z.infer<typeof Script>
export type Purpose = 'agent' | 'judge' | 'distil'
