import Anthropic from '@anthropic-ai/sdk'
import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import type { AgentDone, AgentStart } from '../../src/contract/agent.ts'
import { reasonToGiveUp } from '../../src/contract/tools.ts'
import { compact } from './compact.ts'

type Message = Anthropic.Beta.BetaMessageParam
export type LoopEnd = Pick<AgentDone, 'end' | 'turns' | 'results'> & { readonly detail?: string }

const cutOff = 'Your last answer was cut off at the output limit. Go on, in smaller steps.'

/** The conversation to go on with where it is not simply the runner's: too long, or its last answer was cut off. */
function changed(messages: readonly Message[], reply: Anthropic.Beta.BetaMessage, start: AgentStart) {
  if (reply.stop_reason === 'max_tokens') {
    // A tool call that was cut off has no answer, and the API takes none without.
    const texts = reply.content.filter((block) => block.type === 'text')
    const said = texts.length === 0 ? 'My answer was too long.' : texts
    return [
      ...messages,
      { role: 'assistant' as const, content: said },
      { role: 'user' as const, content: cutOff },
    ]
  }
  if (reply.stop_reason !== 'tool_use') return undefined
  const shorter = compact(messages, start.compactAtBytes)
  return shorter === messages
    ? undefined
    : [...shorter, { role: 'assistant' as const, content: reply.content }]
}

function resultsOf(message: Message | undefined): AgentDone['results'] {
  if (message?.role !== 'user' || typeof message.content === 'string') return []
  return message.content.flatMap((block) => {
    if (block.type !== 'tool_result') return []
    const parts = typeof block.content === 'string' ? block.content : JSON.stringify(block.content)
    return [{ id: block.tool_use_id, isError: block.is_error === true, text: (parts ?? '').slice(0, 4_000) }]
  })
}

function endOf(error: unknown): Pick<LoopEnd, 'end' | 'detail'> {
  const type = error instanceof Anthropic.APIError ? String(error.type) : ''
  if (type === 'budget' || type === 'turn-limit' || type === 'model-error' || type === 'cancelled') {
    return { end: type }
  }
  return { end: 'agent-error', detail: error instanceof Error ? error.message : String(error) }
}

function givesUp(reply: Anthropic.Beta.BetaMessage): boolean {
  return reply.content.some(
    (block) => block.type === 'tool_use' && reasonToGiveUp(block.name, block.input) !== undefined,
  )
}

/** One attempt: the model is asked, its tools are run, until it is done or may not go on. */
export async function runLoop(
  client: Anthropic,
  tools: readonly BetaRunnableTool[],
  start: AgentStart,
  signal: AbortSignal,
): Promise<LoopEnd> {
  const runner = client.beta.messages.toolRunner(
    {
      model: start.model,
      max_tokens: start.maxTokens,
      messages: [{ role: 'user', content: start.prompt }],
      tools: [...tools],
      max_iterations: start.maxTurns,
      thread: false,
    },
    { signal },
  )
  let turns = 0
  let last: Anthropic.Beta.BetaMessage | undefined
  try {
    for await (const reply of runner as AsyncIterable<Anthropic.Beta.BetaMessage>) {
      turns += 1
      last = reply
      if (givesUp(reply)) {
        // What it called besides is still done: a change taken back, such as.
        const answered = await runner.generateToolResponse()
        return { end: 'cannot-repair', turns, results: resultsOf(answered ?? undefined) }
      }
      const messages = changed(runner.params.messages, reply, start)
      if (messages !== undefined) runner.setMessagesParams({ ...runner.params, messages })
    }
    const stopped = last?.stop_reason === 'tool_use' || last?.stop_reason === 'max_tokens'
    return { end: stopped ? 'turn-limit' : 'done', turns, results: resultsOf(runner.params.messages.at(-1)) }
  } catch (error) {
    return { ...endOf(error), turns, results: [] }
  }
}
