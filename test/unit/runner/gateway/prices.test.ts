import assert from 'node:assert/strict'
import { costUsd, priceOf, worstCase } from '../../../../src/runner/gateway/prices.ts'

const usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

describe('prices', () => {
  const known: [string, number, number][] = [
    ['claude-sonnet-5-5', 2, 10],
    ['claude-sonnet-5-5-20261001', 2, 10],
    ['claude-opus-5', 5, 25],
    ['claude-opus-5-5', 4, 20],
    ['claude-opus-4-1', 15, 75],
    ['claude-opus-4-7', 5, 25],
    ['claude-sonnet-4-5-20250929', 3, 15],
  ]
  for (const [model, input, output] of known) {
    it(`knows ${model} by the longest prefix`, () => {
      const { price, known: found } = priceOf(model)
      assert.deepEqual([price.input, price.output, found], [input, output, true])
    })
  }

  it('takes a model it does not know for the dearest', () => {
    const { price, known: found } = priceOf('gpt-x')
    assert.deepEqual([price.output, found], [75, false])
  })

  it('counts each kind of token at its own price', () => {
    const one = 1_000_000
    const price = priceOf('claude-sonnet-5')
    assert.equal(costUsd(price, { ...usage, inputTokens: one }), 2)
    assert.equal(costUsd(price, { ...usage, outputTokens: one }), 10)
    assert.equal(costUsd(price, { ...usage, cacheWriteTokens: one }), 2.5)
    assert.equal(costUsd(price, { ...usage, cacheReadTokens: one }), 0.2)
  })

  it('reserves a token a byte, up to what a model takes', () => {
    assert.deepEqual(worstCase(500, 10), { ...usage, cacheWriteTokens: 500, outputTokens: 10 })
    assert.equal(worstCase(9_000_000, 10).cacheWriteTokens, 1_000_000)
  })
})
