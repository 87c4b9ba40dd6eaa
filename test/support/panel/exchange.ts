import type { Exchange } from '../../../src/contract/exchange.ts'
import type { SessionLog } from './log.ts'

/** A request and its reply in the session's artifacts, as the gateway keeps them; returns their digest. */
export function keepExchange(log: SessionLog, messages: readonly object[], reply: object): string {
  const put = (value: unknown) => log.artifact(JSON.stringify(value))
  const tools = [{ name: 'Read', description: 'Reads a text file.', input_schema: { type: 'object' } }]
  const exchange: Exchange = {
    v: 1,
    parameters: { model: 'claude-sonnet-5-5', max_tokens: 16_000 },
    system: put([{ type: 'text', text: 'You repair a repository.', cache_control: { type: 'ephemeral' } }]),
    tools: put(tools),
    messages: messages.map(put),
    reply: put(reply),
  }
  return put(exchange)
}
