import type { Usage } from '../../contract/events.ts'

/** US dollars per million tokens. */
export interface Price {
  readonly input: number
  readonly output: number
  readonly cacheWrite: number
  readonly cacheRead: number
}

/** The day on which the table below was compared with the provider's price list. */
export const priceTableDate = '2026-11-22'

// A cache write of five minutes costs 1.25 of the input price, a read a tenth or less (the provider's price list).
function price(input: number, output: number, readFactor = 0.1): Price {
  return { input, output, cacheWrite: input * 1.25, cacheRead: input * readFactor }
}

const byPrefix: Readonly<Record<string, Price>> = {
  'claude-fable-5': price(10, 50),
  'claude-fable-5-1': price(10, 50, 0.025),
  'claude-mythos-5': price(10, 50),
  'claude-mythos-5-1': price(10, 50, 0.025),
  'claude-opus-5': price(5, 25),
  'claude-opus-5-5': price(4, 20, 0.05),
  'claude-sonnet-5': price(2, 10),
  'claude-sonnet-5-5': price(2, 10, 0.05),
  // Five times its lowest price: what it costs where the prompt is long.
  'claude-haiku-5-5': price(0.5, 2.5),
  'claude-opus-4': price(15, 75),
  'claude-opus-4-5': price(5, 25),
  'claude-opus-4-6': price(5, 25),
  'claude-opus-4-7': price(5, 25),
  'claude-opus-4-8': price(5, 25),
  'claude-sonnet-4': price(3, 15),
  'claude-haiku-4-5': price(1, 5),
}

/** The dearest of the table: what a model that the table lacks is assumed to cost. */
const unknown = price(15, 75)

/** Price of a model by the longest prefix that fits; `known` is false where a cautious guess stands in. */
export function priceOf(model: string): { readonly price: Price; readonly known: boolean } {
  const prefix = Object.keys(byPrefix)
    .filter((candidate) => model.startsWith(candidate))
    .sort((a, b) => b.length - a.length)[0]
  const found = prefix === undefined ? undefined : byPrefix[prefix]
  return { price: found ?? unknown, known: found !== undefined }
}

/** US dollars for the tokens used. */
export function costUsd({ price }: { readonly price: Price }, usage: Usage): number {
  const sum =
    usage.inputTokens * price.input +
    usage.outputTokens * price.output +
    usage.cacheWriteTokens * price.cacheWrite +
    usage.cacheReadTokens * price.cacheRead
  return sum / 1_000_000
}

/** Most tokens a request may hold; longer ones are refused by the API and cost nothing. */
const contextWindow = 1_000_000

/** The most a request can use: a token stands for at least one byte, and all of it could be written to the cache. */
export function worstCase(requestBytes: number, maxTokens: number): Usage {
  const cacheWriteTokens = Math.min(requestBytes, contextWindow)
  return { inputTokens: 0, outputTokens: maxTokens, cacheWriteTokens, cacheReadTokens: 0 }
}

export function totalTokens(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
}
