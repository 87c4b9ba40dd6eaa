import type { MessagesRequest } from './request.ts'
import type { Turn } from './script.ts'

export interface Answer {
  readonly id: string
  readonly type: 'message'
  readonly role: 'assistant'
  readonly model: string
  readonly content: readonly AnswerBlock[]
  readonly stop_reason: string
  readonly stop_sequence: null
  readonly usage: {
    readonly input_tokens: number
    readonly output_tokens: number
    readonly cache_read_input_tokens: number
    readonly cache_creation_input_tokens: number
  }
}

export type AnswerBlock =
  | { readonly type: 'text'; readonly text: string; readonly citations: null }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

function content(turn: Turn, number: number): AnswerBlock[] {
  const text = turn.text === undefined ? [] : [{ type: 'text' as const, text: turn.text, citations: null }]
  const uses = (turn.toolUses ?? []).map((use, index) => ({
    type: 'tool_use' as const,
    id: use.id ?? `toolu_${String(number).padStart(4, '0')}_${index + 1}`,
    name: use.name,
    input: use.input,
  }))
  return [...text, ...uses]
}

/** A turn of the script as the API's message; token counts are estimated where the script gives none. */
export function answer(turn: Turn, request: MessagesRequest, number: number): Answer {
  const blocks = content(turn, number)
  const estimate = { input_tokens: Math.ceil(JSON.stringify(request).length / 4), output_tokens: 50 }
  return {
    id: `msg_${String(number).padStart(6, '0')}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: blocks,
    stop_reason: turn.stopReason ?? ((turn.toolUses?.length ?? 0) > 0 ? 'tool_use' : 'end_turn'),
    stop_sequence: null,
    usage: {
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      ...(turn.usage ?? estimate),
    },
  }
}

export interface StreamEvent {
  readonly type: string
  readonly [field: string]: unknown
}

function pieces(text: string): string[] {
  const size = Math.max(1, Math.ceil(text.length / 3))
  return text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? ['']
}

function blockEvents(block: AnswerBlock, index: number): StreamEvent[] {
  const start = block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} }
  const deltas =
    block.type === 'text'
      ? pieces(block.text).map((text) => ({ type: 'text_delta', text }))
      : pieces(JSON.stringify(block.input)).map((text) => ({ type: 'input_json_delta', partial_json: text }))
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

/** The answer as the API streams it, in its order. */
export function streamEvents(message: Answer): StreamEvent[] {
  const { output_tokens, ...inputUsage } = message.usage
  const opening = { ...message, content: [], stop_reason: null, usage: { ...inputUsage, output_tokens: 1 } }
  return [
    { type: 'message_start', message: opening },
    { type: 'ping' },
    ...message.content.flatMap(blockEvents),
    {
      type: 'message_delta',
      delta: { stop_reason: message.stop_reason, stop_sequence: null },
      usage: { output_tokens },
    },
    { type: 'message_stop' },
  ]
}

export function sse(event: StreamEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
