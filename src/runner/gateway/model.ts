import type Anthropic from '@anthropic-ai/sdk'
import type { Usage } from '../../contract/events.ts'

/** One model request made by the runner itself, such as the judge's. */
export interface CompletionRequest {
  readonly purpose: 'agent' | 'judge' | 'distil'
  readonly model: string
  /** Most output tokens; the gateway reserves their price before it asks. */
  readonly maxTokens: number
  readonly system: string
  readonly messages: readonly Anthropic.MessageParam[]
  readonly tools?: readonly Anthropic.Tool[]
  readonly toolChoice?: Anthropic.ToolChoice
  readonly temperature?: number
  readonly signal?: AbortSignal
}

export interface Completion {
  readonly content: readonly Anthropic.ContentBlock[]
  readonly stopReason: string
  readonly usage: Usage
  readonly costUsd: number
  /** Digest of the exact request and reply; undefined where they were not kept. */
  readonly exchange?: string
}

/**
 * Asks the model once, within the session's budget, with retries and redaction. Throws `budget-exceeded`,
 * `model-refused` (the request or the key is at fault), `model-unavailable` (retries did not help) or `cancelled`.
 */
export type Complete = (request: CompletionRequest) => Promise<Completion>
