import { createClient } from './llm/client.ts'
import { readSettings, type Settings } from './settings.ts'
import { classify } from './tickets/classify.ts'
import { similar } from './tickets/similar.ts'
import type { Ticket } from './tickets/ticket.ts'

export async function triage(ticket: Ticket, known: Ticket[], settings: Settings = readSettings()) {
  const client = createClient(settings)
  const { queue, tokens } = await classify(client, settings, ticket)
  const twin = await similar(client, settings, ticket, known)
  return { id: ticket.id, queue, tokens, duplicateOf: twin?.id }
}
