import { createHash } from 'node:crypto'
import type Anthropic from '@anthropic-ai/sdk'
import type { Exchange } from '../../contract/exchange.ts'
import type { Artifacts } from '../../store/emit.ts'

type Parameters = Anthropic.MessageCreateParamsNonStreaming

/** Keeps what was sent and what came; returns its digest, undefined where it was not kept. */
export type KeepExchange = (parameters: Parameters, reply: Anthropic.Message) => Promise<string | undefined>

/** Most bytes of questions and answers that a session keeps: what comes after is not kept, and said not to be. */
const mostBytes = 32 * 1024 * 1024

/** Keeps each text once, however many questions have it again. What cannot be kept costs the session nothing. */
export function keepExchanges(artifacts: Pick<Artifacts, 'put'>, most = mostBytes): KeepExchange {
  const known = new Map<string, Promise<string>>()
  let bytes = 0
  const put = (value: unknown): Promise<string> => {
    const text = JSON.stringify(value)
    const own = createHash('sha256').update(text).digest('hex')
    const before = known.get(own)
    if (before !== undefined) return before
    bytes += Buffer.byteLength(text)
    const kept = artifacts.put(text)
    known.set(own, kept)
    return kept
  }
  return async ({ system, tools, messages, ...parameters }, reply) => {
    if (bytes >= most) return undefined
    try {
      const exchange: Exchange = {
        v: 1,
        parameters: { ...parameters },
        system: system === undefined ? null : await put(system),
        tools: tools === undefined ? null : await put(tools),
        messages: await Promise.all(messages.map(put)),
        reply: await put(reply),
      }
      return await put(exchange)
    } catch {
      // A disk that is full stops the log itself, which says so.
      return undefined
    }
  }
}
