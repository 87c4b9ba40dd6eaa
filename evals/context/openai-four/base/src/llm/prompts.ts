import type { ChatCompletionRequestMessage } from 'openai'
import type { Ticket } from '../tickets/ticket.ts'

const system = 'You sort the tickets of a harbour office. Answer with one word: berth, invoice, or other.'

export function classification(ticket: Ticket): ChatCompletionRequestMessage[] {
  return [
    { role: 'system', content: system },
    { role: 'user', content: `${ticket.subject}\n\n${ticket.text}` },
  ]
}
