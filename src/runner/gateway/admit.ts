import { z } from 'zod'
import { ModelEnvelope } from '../../contract/agent.ts'
import { NotAdmitted, parseBounded } from './json.ts'

const Id = z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/)
const Text = z.strictObject({ type: z.literal('text'), text: z.string() })
const Block = z.discriminatedUnion('type', [
  Text,
  z.strictObject({
    type: z.literal('tool_use'),
    id: Id,
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
    input: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({
    type: z.literal('tool_result'),
    tool_use_id: Id,
    content: z.union([z.string(), z.array(Text)]),
    is_error: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() }),
])
export type Block = z.infer<typeof Block>

const Message = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(Block).max(500)]),
})
export type Message = z.infer<typeof Message>

/** All that a container may say about a model request. */
export const AgentRequest = z.strictObject({
  model: z.string().optional(),
  max_tokens: z.int().positive(),
  temperature: z.number().min(0).max(1).optional(),
  messages: z.array(Message).min(1).max(1000),
})
export type AgentRequest = z.infer<typeof AgentRequest>

export interface AdmissionPolicy {
  readonly runId: string
  readonly model: string
  readonly maxTokensCap: number
  readonly maxBytes: number
}

/** Largest nesting of an envelope; a tool call's own input is the deepest honest part. */
const maxDepth = 64

function strictly<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new NotAdmitted(`${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not valid'}`)
}

/** The request in a message from the container; throws `NotAdmitted` where anything is not exactly as allowed. */
export function admit(bytes: Buffer, policy: AdmissionPolicy, lastSeq: number): AgentRequest {
  const envelope = strictly(ModelEnvelope, parseBounded(bytes, { maxBytes: policy.maxBytes, maxDepth }))
  if (envelope.runId !== policy.runId) throw new NotAdmitted('another run')
  if (envelope.seq !== lastSeq + 1) throw new NotAdmitted(`sequence number ${envelope.seq} after ${lastSeq}`)
  const body = strictly(AgentRequest, envelope.body)
  if (body.model !== undefined && body.model !== policy.model) throw new NotAdmitted('another model')
  if (body.max_tokens > policy.maxTokensCap) throw new NotAdmitted('max_tokens is above the cap')
  return body
}
