import type { Event } from '../../contract/events.ts'
import { genAi, openInference } from './conventions.ts'
import type { Attributes } from './span.ts'

type Turn = Extract<Event, { type: 'agent.turn' }>
type ToolCall = Turn['toolCalls'][number]

/** What the model was given since its turn before: the results of its calls. What it was told first is in no log. */
export interface ToolAnswer {
  readonly id: string
  readonly text: string
}

/** Words that went to the model and came from it; exported only where the user wants that. */
export function turnContent(turn: Turn, answers: readonly ToolAnswer[]): Attributes {
  const output = JSON.stringify([
    {
      role: 'assistant',
      parts: [
        ...(turn.text === '' ? [] : [{ type: 'text', content: turn.text }]),
        ...turn.toolCalls.map(({ id, name, input }) => ({ type: 'tool_call', id, name, arguments: input })),
      ],
      finish_reason: turn.stopReason,
    },
  ])
  if (answers.length === 0) return { [genAi.outputMessages]: output, [openInference.output]: output }
  const input = JSON.stringify([
    {
      role: 'tool',
      parts: answers.map(({ id, text }) => ({ type: 'tool_call_response', id, response: text })),
    },
  ])
  return {
    [genAi.inputMessages]: input,
    [openInference.input]: input,
    [genAi.outputMessages]: output,
    [openInference.output]: output,
  }
}

export function toolContent(call: ToolCall, result: string | undefined): Attributes {
  return {
    [genAi.toolArguments]: call.input,
    [openInference.input]: call.input,
    ...(result === undefined ? {} : { [genAi.toolResult]: result, [openInference.output]: result }),
  }
}
