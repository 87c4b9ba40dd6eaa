import type { Usage } from '../../contract/events.ts'
import { costUsd as computed, priceOf, priceTableDate } from '../gateway/prices.ts'
import { genAi, langfuse, mlflow, openInference } from './conventions.ts'
import { type Attributes, known } from './span.ts'

export interface ModelCall {
  readonly model: string
  /** As the API counts: what the cache answered, and what was written to it, are no part of the input. */
  readonly usage: Usage | undefined
  /** As it was charged when it was made. */
  readonly costUsd: number
  readonly finishReason?: string
}

/** The conventions count the whole prompt as input; the API's own figure lacks the cache's part of it. */
export function promptTokens({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens
}

/** A model's part in the session, in the words of each product. */
export function modelAttributes(call: ModelCall): Attributes {
  const { model, usage, finishReason } = call
  return known({
    [genAi.operation]: 'chat',
    [genAi.provider]: 'anthropic',
    [genAi.requestModel]: model,
    [genAi.responseModel]: model,
    [genAi.finishReasons]: finishReason === undefined ? undefined : [finishReason],
    [openInference.model]: model,
    [openInference.provider]: 'anthropic',
    [openInference.system]: 'anthropic',
    [langfuse.model]: model,
    [mlflow.model]: model,
    [mlflow.provider]: 'anthropic',
    ...(usage === undefined ? {} : usageAttributes(usage)),
    ...costAttributes(call),
  })
}

function usageAttributes(usage: Usage): Attributes {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage
  const prompt = promptTokens(usage)
  const total = prompt + outputTokens
  const cache = {
    cache_read_input_tokens: cacheReadTokens,
    cache_creation_input_tokens: cacheWriteTokens,
  }
  return {
    [genAi.inputTokens]: prompt,
    [genAi.outputTokens]: outputTokens,
    [genAi.cacheReadTokens]: cacheReadTokens,
    [genAi.cacheWriteTokens]: cacheWriteTokens,
    [genAi.cacheCreationTokens]: cacheWriteTokens,
    [openInference.promptTokens]: prompt,
    [openInference.completionTokens]: outputTokens,
    [openInference.totalTokens]: total,
    [openInference.cacheReadTokens]: cacheReadTokens,
    [openInference.cacheWriteTokens]: cacheWriteTokens,
    [mlflow.usage]: JSON.stringify({
      ...{ input_tokens: prompt, output_tokens: outputTokens, total_tokens: total },
      ...cache,
    }),
    // Added up over there: the input without what stands beside it.
    [langfuse.usage]: JSON.stringify({ input: inputTokens, output: outputTokens, ...cache, total }),
  }
}

function costAttributes({ model, usage, costUsd }: ModelCall): Attributes {
  const { price, known: priced } = priceOf(model)
  const now = usage === undefined ? 0 : computed({ price }, usage)
  // What was charged is what counts; today's table says only how it falls to the two sides.
  const share = usage === undefined || now === 0 ? undefined : (usage.outputTokens * price.output) / 1e6 / now
  const [input, output] =
    share === undefined ? [undefined, undefined] : [costUsd * (1 - share), costUsd * share]
  const isOfTable = usage !== undefined && Math.abs(now - costUsd) <= 1e-9 + now * 1e-6
  return known({
    [openInference.promptCost]: input,
    [openInference.completionCost]: output,
    [openInference.totalCost]: costUsd,
    [mlflow.cost]: JSON.stringify({ input_cost: input, output_cost: output, total_cost: costUsd }),
    [langfuse.cost]: JSON.stringify({ input, output, total: costUsd }),
    'drydock.cost.usd': costUsd,
    'drydock.cost.price_known': priced,
    'drydock.cost.prices_of': isOfTable ? priceTableDate : undefined,
  })
}
