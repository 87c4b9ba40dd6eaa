import { performance } from 'node:perf_hooks'
import type Anthropic from '@anthropic-ai/sdk'
import type { ModelRefusal } from '../../contract/agent.ts'
import { DrydockError, type Failure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import { reasonToGiveUp, toolManifest } from '../../contract/tools.ts'
import type { Emit } from '../../store/emit.ts'
import { type AgentRequest, admit } from './admit.ts'
import { plainBlocks, resultsIn, type ToolOutcome, withCacheMarks } from './conversation.ts'
import { NotAdmitted } from './json.ts'
import type { Complete, Completion } from './model.ts'

export interface RunOptions {
  readonly runId: string
  readonly attempt: number
  readonly model: string
  readonly system: string
  readonly maxTurns: number
  readonly maxTokensCap: number
  /** Largest message from the container, bytes; 8 MiB where undefined. */
  readonly maxBytes?: number
  readonly signal: AbortSignal
}

export type RunEnd = 'turn-limit' | 'budget' | 'model-error' | 'cancelled'

export interface RunAnswer {
  readonly status: number
  readonly body: Pick<Anthropic.Message, 'content' | 'stop_reason'> | ModelRefusal
}

/** One attempt's way to the model. */
export interface GatewayRun {
  /** Answers one message of the container; never throws. */
  handle(bytes: Buffer, signal: AbortSignal): Promise<RunAnswer>
  /** Nothing is accepted after this. */
  close(): void
  /** Tool results that no further request will carry, for the log. */
  note(results: readonly ToolOutcome[]): void
  readonly turns: number
  /** Set where the gateway itself ended the run. */
  readonly end: { readonly reason: RunEnd; readonly detail: string; readonly failure?: Failure } | undefined
  /** Words of the model's last turn, and its reason where it gave up; undefined where it said none. */
  readonly account: string | undefined
  /** The model called the tool by which it gives up. */
  readonly gaveUp: boolean
}

type RefusalType = ModelRefusal['error']['type']

const logLimit = { text: 20_000, input: 4_000, result: 4_000, account: 4_000 } as const

function refusal(status: number, type: RefusalType, message: string): RunAnswer {
  return { status, body: { error: { type, message } } }
}

function endOf(
  error: unknown,
  signal: AbortSignal,
): { reason: RunEnd; status: number; detail: string; failure?: Failure } {
  if (signal.aborted) return { reason: 'cancelled', status: 499, detail: 'cancelled' }
  if (!(error instanceof DrydockError)) return { reason: 'model-error', status: 502, detail: String(error) }
  const { code, message } = error.failure
  if (code === 'budget-exceeded') return { reason: 'budget', status: 402, detail: message }
  return { reason: 'model-error', status: 502, detail: message, failure: error.failure }
}

class Run implements GatewayRun {
  turns = 0
  end: GatewayRun['end'] = undefined
  account: string | undefined = undefined
  gaveUp = false
  readonly #options: RunOptions
  readonly #complete: Complete
  readonly #emit: Emit
  #lastSeq = 0
  #closed = false
  readonly #toolIds = new Set<string>()

  constructor(options: RunOptions, services: { complete: Complete; emit: Emit }) {
    this.#options = options
    this.#complete = services.complete
    this.#emit = services.emit
  }

  close(): void {
    this.#closed = true
  }

  note(results: readonly ToolOutcome[]): void {
    for (const result of results) {
      const text = bounded(neutralise(result.text), logLimit.result)
      this.#emit({
        type: 'agent.toolResult',
        attempt: this.#options.attempt,
        turn: Math.max(1, this.turns),
        id: neutralise(result.id),
        isError: result.isError,
        text,
      })
    }
  }

  async handle(bytes: Buffer, signal: AbortSignal): Promise<RunAnswer> {
    const { maxTurns, maxBytes = 8 * 1024 * 1024 } = this.#options
    if (this.#closed || this.end !== undefined || this.gaveUp)
      return refusal(409, 'refused', 'the run has ended')
    let request: AgentRequest
    try {
      request = admit(bytes, { ...this.#options, maxBytes }, this.#lastSeq)
    } catch (error) {
      if (!(error instanceof NotAdmitted)) throw error
      return refusal(400, 'refused', error.message)
    }
    this.#lastSeq += 1
    this.note(resultsIn(request))
    if (this.turns >= maxTurns) return this.#stop('turn-limit', 429, `${maxTurns} turns are used up`)
    return this.#turn(request, AbortSignal.any([signal, this.#options.signal]))
  }

  async #turn(request: AgentRequest, signal: AbortSignal): Promise<RunAnswer> {
    const { model, system } = this.#options
    const started = performance.now()
    try {
      const completion = await this.#complete({
        purpose: 'agent',
        model,
        maxTokens: request.max_tokens,
        system,
        tools: toolManifest as unknown as Anthropic.Tool[],
        messages: withCacheMarks(request.messages),
        ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
        signal,
      })
      this.turns += 1
      this.#logTurn(completion, performance.now() - started)
      this.#hear(completion)
      this.#require(completion)
      const stop_reason = completion.stopReason as Anthropic.StopReason
      return { status: 200, body: { content: plainBlocks(completion.content), stop_reason } }
    } catch (error) {
      const { reason, status, detail, failure } = endOf(error, signal)
      return this.#stop(reason, status, detail, failure)
    }
  }

  #hear({ content }: Completion): void {
    const said = content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
    const reasons = content.flatMap((block) =>
      block.type === 'tool_use' ? (reasonToGiveUp(block.name, block.input) ?? []) : [],
    )
    const account = neutralise([...said, ...reasons].join('\n\n')).trim()
    this.account = account === '' ? undefined : bounded(account, logLimit.account)
    this.gaveUp = reasons.length > 0
  }

  /** What no later turn could mend. */
  #require({ content, stopReason }: Completion): void {
    if (stopReason === 'refusal') throw failures.modelDeclined()
    for (const block of content) {
      if (block.type !== 'tool_use') continue
      if (this.#toolIds.has(block.id)) throw failures.modelRepeatedId(neutralise(block.id))
      this.#toolIds.add(block.id)
    }
  }

  #stop(reason: RunEnd, status: number, detail: string, failure?: Failure): RunAnswer {
    this.end = { reason, detail, ...(failure === undefined ? {} : { failure }) }
    return refusal(status, reason, reason === 'model-error' ? 'the model gave no answer' : detail)
  }

  #logTurn(completion: Completion, durationMs: number): void {
    const texts = completion.content.flatMap((block) => (block.type === 'text' ? [block.text] : []))
    const toolCalls = completion.content.flatMap((block) =>
      block.type === 'tool_use'
        ? [
            {
              id: block.id,
              name: neutralise(block.name),
              input: bounded(neutralise(JSON.stringify(block.input)), logLimit.input),
            },
          ]
        : [],
    )
    this.#emit({
      type: 'agent.turn',
      attempt: this.#options.attempt,
      turn: this.turns,
      text: bounded(neutralise(texts.join('\n')), logLimit.text),
      toolCalls,
      stopReason: completion.stopReason,
      usage: completion.usage,
      costUsd: completion.costUsd,
      durationMs,
      ...(completion.exchange === undefined ? {} : { exchange: completion.exchange }),
    })
  }
}

/** The gateway's side of one attempt: admits, asks, logs, counts. */
export function openRun(options: RunOptions, services: { complete: Complete; emit: Emit }): GatewayRun {
  return new Run(options, services)
}
