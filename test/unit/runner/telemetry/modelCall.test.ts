import assert from 'node:assert/strict'
import type { Usage } from '../../../../src/contract/events.ts'
import { costUsd, priceOf, priceTableDate } from '../../../../src/runner/gateway/prices.ts'
import { traceOf } from '../../../../src/runner/telemetry/fold.ts'
import { modelAttributes } from '../../../../src/runner/telemetry/modelCall.ts'
import { logOf } from '../../../support/telemetry/logs.ts'

const model = 'claude-sonnet-5-5'
// A long prompt that the cache had: what the API calls input is a small part of it.
const usage: Usage = {
  inputTokens: 1_000,
  outputTokens: 500,
  cacheReadTokens: 90_000,
  cacheWriteTokens: 9_000,
}
const charged = costUsd(priceOf(model), usage)

const json = (value: unknown): Record<string, number> => JSON.parse(String(value))

describe('a model call in a trace', () => {
  const attributes = modelAttributes({ model, usage, costUsd: charged, finishReason: 'end_turn' })

  it('counts the whole prompt where the conventions want it, the cache’s part beside it', () => {
    assert.equal(attributes['gen_ai.usage.input_tokens'], 100_000)
    assert.equal(attributes['gen_ai.usage.cache_read.input_tokens'], 90_000)
    assert.equal(attributes['gen_ai.usage.cache_write.input_tokens'], 9_000)
    assert.equal(attributes['gen_ai.usage.cache_creation.input_tokens'], 9_000)
    assert.equal(attributes['gen_ai.usage.output_tokens'], 500)
    assert.equal(attributes['llm.token_count.prompt'], 100_000)
    assert.equal(attributes['llm.token_count.total'], 100_500)
    assert.deepEqual(json(attributes['mlflow.chat.tokenUsage']), {
      ...{ input_tokens: 100_000, output_tokens: 500, total_tokens: 100_500 },
      ...{ cache_read_input_tokens: 90_000, cache_creation_input_tokens: 9_000 },
    })
  })

  it('counts no token twice where a product adds the parts up', () => {
    const { total, ...parts } = json(attributes['langfuse.observation.usage_details'])
    assert.equal(
      Object.values(parts).reduce((sum, tokens) => sum + tokens, 0),
      total,
    )
    assert.equal(parts.input, 1_000)
  })

  it('costs what was charged, in each product’s words, and its two sides come to that', () => {
    const inDollars = json(attributes['mlflow.llm.cost'])
    assert.ok(Math.abs((inDollars.input_cost ?? 0) + (inDollars.output_cost ?? 0) - charged) < 1e-12)
    assert.equal(inDollars.total_cost, charged)
    assert.equal(attributes['llm.cost.total'], charged)
    assert.equal(json(attributes['langfuse.observation.cost_details']).total, charged)
    // Priced as if all of the prompt were new, it would cost several times that.
    const naive = costUsd(priceOf(model), { ...usage, inputTokens: 100_000 })
    assert.ok(naive > 3 * charged, `${naive} ${charged}`)
  })

  it('names the price table’s day only where that table gives what was charged', () => {
    assert.equal(attributes['drydock.cost.prices_of'], priceTableDate)
    const earlier = modelAttributes({ model, usage, costUsd: charged * 2 })
    assert.equal(earlier['drydock.cost.prices_of'], undefined)
    assert.equal(earlier['drydock.cost.usd'], charged * 2)
    assert.equal(modelAttributes({ model: 'other', usage, costUsd: 1 })['drydock.cost.price_known'], false)
  })

  it('says no tokens where a log has none', () => {
    const unknown = modelAttributes({ model, usage: undefined, costUsd: 0.5 })
    assert.ok(!('gen_ai.usage.input_tokens' in unknown))
    assert.deepEqual(json(unknown['mlflow.llm.cost']), { total_cost: 0.5 })
  })

  it('adds up to what the session cost', async () => {
    const { spans } = traceOf(await logOf('published'), { content: false })
    const sum = spans.reduce(
      (all, { attributes: { 'drydock.cost.usd': cost } }) => all + Number(cost ?? 0),
      0,
    )
    const total = spans.find(({ parent }) => parent === undefined)?.attributes['drydock.cost.total_usd']
    assert.ok(Math.abs(sum - Number(total)) < 1e-9, `${sum} ${total}`)
  })
})
