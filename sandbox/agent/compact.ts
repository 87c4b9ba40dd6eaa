import type Anthropic from '@anthropic-ai/sdk'

type Message = Anthropic.Beta.BetaMessageParam
type Block = Anthropic.Beta.BetaContentBlockParam

const note = '[left out to save room; call the tool again where it matters]'

function bytesOf(messages: readonly Message[]): number {
  return Buffer.byteLength(JSON.stringify(messages))
}

function withoutResult(block: Block): Block {
  return block.type === 'tool_result' ? { ...block, content: note } : block
}

/**
 * The conversation with the results of its oldest tool calls left out, until half of `limit` bytes remain; as it is
 * where it is no longer than `limit`. Half, so that the part which the model's server has cached changes seldom.
 */
export function compact(messages: readonly Message[], limit: number): readonly Message[] {
  let bytes = bytesOf(messages)
  if (bytes <= limit) return messages
  return messages.map((message) => {
    if (bytes <= limit / 2 || message.role !== 'user' || typeof message.content === 'string') return message
    const shorter = { ...message, content: message.content.map(withoutResult) }
    bytes -= bytesOf([message]) - bytesOf([shorter])
    return shorter
  })
}
