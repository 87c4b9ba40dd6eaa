import { z } from 'zod'
import { ModelEnvelope } from '../../contract/agent.ts'
import { NotAdmitted, parseBounded } from './json.ts'

const Id = z.string().regex(/^[a-zA-Z0-9_-]{1,100}$/)
const Text = z.strictObject({ type: z.literal('text'), text: z.string() })
const ToolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: Id,
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
})
const ToolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: Id,
  content: z.union([z.string(), z.array(Text)]),
  is_error: z.boolean().optional(),
})
const Thinking = z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() })
const RedactedThinking = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() })

const contentOf = <T extends z.ZodType>(block: T) =>
  z.union([z.string().min(1), z.array(block).min(1).max(500)])
const UserMessage = z.strictObject({
  role: z.literal('user'),
  content: contentOf(z.discriminatedUnion('type', [Text, ToolResult])),
})
const AssistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: contentOf(z.discriminatedUnion('type', [Text, ToolUse, Thinking, RedactedThinking])),
})
const Message = z.discriminatedUnion('role', [UserMessage, AssistantMessage])
export type Message = z.infer<typeof Message>
export type Block = Exclude<Message['content'], string>[number]

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

/** Each result answers a call of the assistant's message before it, once; no call's id comes twice. */
function checkPairs(messages: readonly Message[]): void {
  if (messages[0]?.role !== 'user') throw new NotAdmitted('messages.0: the first is not the user’s')
  const seen = new Set<string>()
  let open = new Set<string>()
  for (const { role, content } of messages) {
    if (role === 'assistant') open = new Set()
    for (const block of typeof content === 'string' ? [] : content) {
      if (block.type === 'tool_use') {
        if (seen.has(block.id)) throw new NotAdmitted(`two calls of a tool have the id ${block.id}`)
        seen.add(block.id)
        open.add(block.id)
      } else if (block.type === 'tool_result' && !open.delete(block.tool_use_id))
        throw new NotAdmitted(`a result for ${block.tool_use_id}, which waits for none`)
    }
  }
}

/** The request in a message from the container; throws `NotAdmitted` where anything is not exactly as allowed. */
export function admit(bytes: Buffer, policy: AdmissionPolicy, lastSeq: number): AgentRequest {
  const envelope = strictly(ModelEnvelope, parseBounded(bytes, { maxBytes: policy.maxBytes, maxDepth }))
  if (envelope.runId !== policy.runId) throw new NotAdmitted('another run')
  if (envelope.seq !== lastSeq + 1) throw new NotAdmitted(`sequence number ${envelope.seq} after ${lastSeq}`)
  const body = strictly(AgentRequest, envelope.body)
  if (body.model !== undefined && body.model !== policy.model) throw new NotAdmitted('another model')
  if (body.max_tokens > policy.maxTokensCap) throw new NotAdmitted('max_tokens is above the cap')
  checkPairs(body.messages)
  return body
}
