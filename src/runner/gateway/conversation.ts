import type Anthropic from '@anthropic-ai/sdk'
import type { AgentRequest, Block, Message } from './admit.ts'
import type { Completion } from './model.ts'

export interface ToolOutcome {
  readonly id: string
  readonly isError: boolean
  readonly text: string
}

function blocksOf(message: Message): Anthropic.ContentBlockParam[] {
  const blocks: Block[] =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content
  return blocks as Anthropic.ContentBlockParam[]
}

const cached = { cache_control: { type: 'ephemeral' } } as const

/**
 * The messages as the API takes them, marked at the end of the last two user messages: the one that the turn before had
 * cached, and the one to cache now.
 */
export function withCacheMarks(messages: readonly Message[]): Anthropic.MessageParam[] {
  const users = messages.flatMap((message, index) => (message.role === 'user' ? [index] : []))
  const marked = new Set(users.slice(-2))
  return messages.map((message, index) => {
    const content = blocksOf(message)
    const last = content.at(-1)
    if (
      !marked.has(index) ||
      last === undefined ||
      last.type === 'thinking' ||
      last.type === 'redacted_thinking'
    ) {
      return { role: message.role, content }
    }
    return { role: message.role, content: [...content.slice(0, -1), { ...last, ...cached }] }
  })
}

function textOf(content: string | readonly { readonly text: string }[]): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n')
}

export function resultsIn(request: AgentRequest): ToolOutcome[] {
  const last = request.messages.at(-1)
  if (last === undefined || typeof last.content === 'string') return []
  return last.content.flatMap((block) =>
    block.type === 'tool_result'
      ? [{ id: block.tool_use_id, isError: block.is_error === true, text: textOf(block.content) }]
      : [],
  )
}

/** The blocks a container gets to see and may send back: exactly those that `admit` takes. */
export function plainBlocks(content: Completion['content']): Anthropic.ContentBlock[] {
  const plain = content.flatMap((block): object[] => {
    switch (block.type) {
      case 'text':
        return block.text === '' ? [] : [{ type: 'text', text: block.text }]
      case 'tool_use':
        return [{ type: 'tool_use', id: block.id, name: block.name, input: block.input }]
      case 'thinking':
        return [{ type: 'thinking', thinking: block.thinking, signature: block.signature }]
      case 'redacted_thinking':
        return [{ type: 'redacted_thinking', data: block.data }]
      default:
        return []
    }
  })
  return plain as Anthropic.ContentBlock[]
}
