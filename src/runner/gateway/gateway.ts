import { performance } from 'node:perf_hooks'
import type Anthropic from '@anthropic-ai/sdk'
import type { Usage } from '../../contract/events.ts'
import { failures } from '../../contract/failures.ts'
import type { Emit } from '../../store/emit.ts'
import { makeServiceRedact } from '../../store/redact.ts'
import { ask } from './ask.ts'
import { type Amount, type Budget, type BudgetLimits, createBudget } from './budget.ts'
import { type ModelConnection, openClient, secretsOf } from './connection.ts'
import type { KeepExchange } from './exchange.ts'
import { type GatewayRun, openRun, type RunOptions } from './gatewayRun.ts'
import type { Complete, Completion, CompletionRequest } from './model.ts'
import type { Pace } from './pace.ts'
import { costUsd, priceOf, totalTokens, worstCase } from './prices.ts'

export interface GatewayOptions {
  readonly connection: ModelConnection
  readonly budget: BudgetLimits
  readonly emit: Emit
  /** Retries of one call; 4 where undefined. */
  readonly retries?: number
  /** First delay of the back-off, milliseconds; 500 where undefined. */
  readonly retryDelayMs?: number
  /** Longest silence of a stream, milliseconds; two minutes where undefined. */
  readonly idleMs?: number
  /** Nothing is kept where undefined. */
  readonly keep?: KeepExchange
  /** Of all sessions that share a limit of the model; none where undefined. */
  readonly pace?: Pace
}

/** The only holder of the model's key: what a session asks of the model goes through here. One a session. */
export interface Gateway {
  /** False where no key is set; every call then throws `no-key`. */
  readonly hasKey: boolean
  /** For the runner's own questions, such as the judge's. */
  readonly complete: Complete
  /** For one attempt of the agent's container. */
  openRun(options: RunOptions): GatewayRun
  spent(): Amount
}

function usageOf(usage: Anthropic.Usage): Usage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
    cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
  }
}

function parametersOf(request: CompletionRequest): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    messages: [...request.messages],
    ...(request.tools === undefined ? {} : { tools: [...request.tools] }),
    ...(request.toolChoice === undefined ? {} : { tool_choice: request.toolChoice }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
  }
}

/** Aborts when the caller does or when the session's time is up; says which. */
function callSignal(request: CompletionRequest, budget: Budget): AbortSignal {
  const time = new AbortController()
  const timer = setTimeout(
    () => time.abort(failures.budgetExceeded('its time is up')),
    Math.min(budget.timeLeftMs(), 2 ** 31 - 1),
  )
  timer.unref()
  if (request.signal === undefined) return time.signal
  return AbortSignal.any([request.signal, time.signal])
}

export function createGateway(options: GatewayOptions): Gateway {
  const { connection, emit } = options
  const secrets = secretsOf(connection)
  const idleMs = options.idleMs ?? 120_000
  const client = openClient(connection, idleMs)
  const redact = makeServiceRedact(secrets)
  const budget = createBudget(options.budget, () => performance.now())
  const unpriced = new Set<string>()

  function warnOfPrice(model: string): void {
    if (priceOf(model).known || unpriced.has(model)) return
    unpriced.add(model)
    const message = `The price of ${model} is not known; the budget counts it as the dearest model.`
    emit({ type: 'warning.raised', warning: { code: `unknown-price:${model}`, message, severity: 'notice' } })
  }

  const complete: Complete = async (request) => {
    if (secrets.length === 0) throw failures.noKey()
    warnOfPrice(request.model)
    const price = priceOf(request.model)
    const parameters = parametersOf(request)
    const worst = worstCase(Buffer.byteLength(JSON.stringify(parameters)), request.maxTokens)
    const reservation = budget.reserve({ usd: costUsd(price, worst), tokens: totalTokens(worst) })
    const used: Usage[] = []
    try {
      const message = await ask(parameters, {
        client,
        retries: options.retries ?? 4,
        retryDelayMs: options.retryDelayMs ?? 500,
        signal: callSignal(request, budget),
        pace: options.pace,
        redact,
        onRetry: (reason, delayMs) =>
          emit({ type: 'model.retried', purpose: request.purpose, reason, delayMs }),
        onWasted: (usage) => used.push(usageOf(usage)),
      })
      used.push(usageOf(message.usage))
      const exchange = await options.keep?.(parameters, message)
      return completionOf(message, costUsd(price, usageOf(message.usage)), exchange)
    } catch (error) {
      throw request.signal?.aborted ? failures.cancelled() : error
    } finally {
      const usd = used.reduce((sum, usage) => sum + costUsd(price, usage), 0)
      reservation.settle({ usd, tokens: used.reduce((sum, usage) => sum + totalTokens(usage), 0) })
    }
  }

  return {
    hasKey: secrets.length > 0,
    complete,
    openRun: (run) => openRun(run, { complete, emit }),
    spent: () => budget.spent(),
  }
}

function completionOf(message: Anthropic.Message, usd: number, exchange: string | undefined): Completion {
  return {
    content: message.content,
    stopReason: message.stop_reason ?? 'unknown',
    usage: usageOf(message.usage),
    costUsd: usd,
    ...(exchange === undefined ? {} : { exchange }),
  }
}
