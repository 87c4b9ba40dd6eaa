import Anthropic from '@anthropic-ai/sdk'
import { agentPaths, type ModelEnvelope } from '../../src/contract/agent.ts'
import type { Ask } from '../http/post.ts'

/** A turn may wait for retries and for a long answer; the runner's budget ends it sooner. */
const longestTurnMs = 3_600_000

/**
 * The SDK's client, whose requests go to the runner as messages and numbers only: what model, which system prompt and
 * which tools it is asked with, and with what key, is the gateway's. `onAsked` is told when a request is on its way.
 */
export function openModel(ask: Ask, runId: string, onAsked: () => void): Anthropic {
  let seq = 0
  const send = async (_input: unknown, init: { body?: unknown; signal?: AbortSignal | null } = {}) => {
    const { model, max_tokens, messages } = JSON.parse(String(init.body)) as Record<string, unknown>
    seq += 1
    const body = { model, max_tokens, messages }
    const envelope: ModelEnvelope = { v: 1, runId, seq, type: 'messages.create', body }
    const signal = init.signal ?? new AbortController().signal
    const asking = ask('POST', agentPaths.model, JSON.stringify(envelope), longestTurnMs, signal)
    setImmediate(onAsked)
    const answer = await asking
    const headers = { 'content-type': 'application/json' }
    if (answer.status !== 200) return new Response(answer.body, { status: answer.status, headers })
    const usage = { input_tokens: 0, output_tokens: 0 }
    const message = {
      id: `turn-${seq}`,
      type: 'message',
      role: 'assistant',
      model,
      usage,
      ...JSON.parse(answer.body),
    }
    return new Response(JSON.stringify(message), { status: 200, headers })
  }
  return new Anthropic({
    apiKey: 'held-by-the-runner',
    // Goes nowhere: `fetch` is the way.
    baseURL: 'http://runner.invalid',
    maxRetries: 0,
    timeout: longestTurnMs,
    logLevel: 'off',
    fetch: send as unknown as typeof fetch,
  })
}
