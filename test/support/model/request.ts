import { z } from 'zod'

const CacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
const cached = { cache_control: CacheControl.nullable().optional() }
const Text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), ...cached })
const ToolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  ...cached,
})
const ToolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  content: z.union([z.string(), z.array(Text)]).optional(),
  is_error: z.boolean().optional(),
  ...cached,
})
const Thinking = z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() })
const RedactedThinking = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() })
const Block = z.discriminatedUnion('type', [Text, ToolUse, ToolResult, Thinking, RedactedThinking])
const Message = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string().min(1), z.array(Block).min(1)]),
})
const Tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  type: z.literal('custom').optional(),
  ...cached,
})
const ToolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
  z.strictObject({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
  z.strictObject({
    type: z.literal('tool'),
    name: z.string(),
    disable_parallel_tool_use: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal('none') }),
])

/** The body of `POST /v1/messages`, as far as this project uses it; anything else is refused as the API would. */
export const MessagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().positive(),
  messages: z.array(Message).min(1),
  system: z.union([z.string(), z.array(Text)]).optional(),
  tools: z.array(Tool).optional(),
  tool_choice: ToolChoice.optional(),
  temperature: z.number().min(0).max(1).optional(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullable() }).optional(),
})
export type MessagesRequest = z.infer<typeof MessagesRequest>
type Message = z.infer<typeof Message>
type Block = z.infer<typeof Block>

function blocks(message: Message): Block[] {
  return typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
}

function pairingError(messages: readonly Message[]): string | undefined {
  let open: string[] = []
  const seen = new Set<string>()
  for (const [index, message] of messages.entries()) {
    const expected = index % 2 === 0 ? 'user' : 'assistant'
    if (message.role !== expected) return `messages.${index}: roles must alternate, starting with "user"`
    const results = blocks(message).filter((block) => block.type === 'tool_result')
    const uses = blocks(message).filter((block) => block.type === 'tool_use')
    if (message.role === 'user' && uses.length > 0) return `messages.${index}: tool_use in a user message`
    if (message.role === 'assistant' && results.length > 0) {
      return `messages.${index}: tool_result in an assistant message`
    }
    const answered = results.map((block) => block.tool_use_id)
    const unknown = answered.find((id) => !open.includes(id))
    if (unknown !== undefined) {
      return `messages.${index}: unexpected tool_use_id found in tool_result blocks: ${unknown}`
    }
    if (new Set(answered).size !== answered.length) return `messages.${index}: a tool_use was answered twice`
    const missing = open.filter((id) => !answered.includes(id))
    if (missing.length > 0) {
      return `messages.${index}: tool_use ids were found without tool_result blocks immediately after: ${missing.join(', ')}`
    }
    const firstOther = blocks(message).findIndex((block) => block.type !== 'tool_result')
    if (firstOther !== -1 && firstOther < results.length) {
      return `messages.${index}: tool_result blocks must come first in the content`
    }
    open = uses.map((block) => block.id)
    const again = open.find((id) => seen.has(id))
    if (again !== undefined) return `messages.${index}: tool_use ids must be unique: ${again}`
    for (const id of open) seen.add(id)
  }
  if (messages.at(-1)?.role === 'assistant') return 'messages: the last message must be from the user'
  return undefined
}

function cacheBreakpoints(request: MessagesRequest): number {
  const system = Array.isArray(request.system) ? request.system : []
  const all = [...system, ...(request.tools ?? []), ...request.messages.flatMap(blocks)]
  return all.filter((part) => 'cache_control' in part && part.cache_control != null).length
}

/** What the API would find wrong with the request; undefined where it is right. */
export function requestError(body: unknown): string | undefined {
  const parsed = MessagesRequest.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid request'}`
  }
  const request = parsed.data
  const names = (request.tools ?? []).map((tool) => tool.name)
  if (new Set(names).size !== names.length) return 'tools: tool names must be unique'
  const choice = request.tool_choice
  if (choice?.type === 'tool' && !names.includes(choice.name)) return `tool_choice: no tool ${choice.name}`
  const points = cacheBreakpoints(request)
  if (points > 4) return `a maximum of 4 blocks with cache_control may be provided, found ${points}`
  return pairingError(request.messages)
}
