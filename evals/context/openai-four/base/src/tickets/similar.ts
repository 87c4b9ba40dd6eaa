import type { Client } from '../llm/client.ts'
import type { Settings } from '../settings.ts'
import { cosine } from '../vectors.ts'
import type { Ticket } from './ticket.ts'

/** Of the known tickets the one that is most like the new one. */
export async function similar(client: Client, settings: Settings, ticket: Ticket, known: Ticket[]): Promise<Ticket | undefined> {
  const { data } = await client.createEmbedding({
    model: settings.embeddingModel,
    input: [ticket, ...known].map(({ text }) => text),
  })
  const [own, ...others] = data.data.map(({ embedding }) => embedding)
  if (!own) return undefined
  const scores = others.map((other) => cosine(own, other))
  const best = Math.max(...scores)
  return best > 0.8 ? known[scores.indexOf(best)] : undefined
}
