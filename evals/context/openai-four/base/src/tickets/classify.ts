import type { Client } from '../llm/client.ts'
import { patiently } from '../llm/patience.ts'
import { classification } from '../llm/prompts.ts'
import type { Settings } from '../settings.ts'
import { type Queue, queueOf, type Ticket } from './ticket.ts'

export interface Classified {
  queue: Queue
  tokens: number
}

export async function classify(client: Client, settings: Settings, ticket: Ticket): Promise<Classified> {
  const response = await patiently(settings.attempts, () =>
    client.createChatCompletion({
      model: settings.chatModel,
      messages: classification(ticket),
      temperature: 0,
      max_tokens: 3,
    }),
  )
  const [choice] = response.data.choices
  return { queue: queueOf(choice?.message?.content ?? ''), tokens: response.data.usage?.total_tokens ?? 0 }
}
