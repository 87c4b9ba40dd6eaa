import type { Event } from '../../contract/events.ts'
import { type ToolAnswer, toolContent, turnContent } from './content.ts'
import { common, genAi, openInference } from './conventions.ts'
import { modelAttributes } from './modelCall.ts'
import { kindAttributes, known, type SpanEvent, spanId, type TraceSpan } from './span.ts'

type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>
type Turn = EventOf<'agent.turn'>

interface OpenCall {
  readonly id: string
  readonly call: Turn['toolCalls'][number]
  readonly startMs: number
  /** Calls of the same turn: their results came in together, so that they share its time. */
  readonly together: number
}

/** The tool in which the runner itself works while the agent waits. */
const verifyTool = 'Verify'

/** An attempt of the agent, with its turns and tool calls below it. */
export interface AttemptSpans {
  /** Of the attempt itself, in time's order. */
  readonly events: SpanEvent[]
  /** The call that the agent waits for, where the runner works for it; else the attempt. */
  readonly waitingFor: string
  turn(event: Turn): readonly TraceSpan[]
  result(event: EventOf<'agent.toolResult'>): readonly TraceSpan[]
  /** Its end by name, or by an event that only a dead runner leaves behind. */
  end(event: Event): readonly TraceSpan[]
}

export function openAttempt(
  session: string,
  parent: string,
  started: EventOf<'attempt.started'>,
  options: { readonly content: boolean },
): AttemptSpans {
  return new OpenAttempt(session, parent, started, options)
}

class OpenAttempt implements AttemptSpans {
  readonly events: SpanEvent[] = []
  readonly #session: string
  readonly #parent: string
  readonly #started: EventOf<'attempt.started'>
  readonly #content: boolean
  readonly #id: string
  readonly #calls = new Map<string, OpenCall>()
  #answers: ToolAnswer[] = []

  constructor(
    session: string,
    parent: string,
    started: EventOf<'attempt.started'>,
    { content }: { readonly content: boolean },
  ) {
    this.#session = session
    this.#parent = parent
    this.#started = started
    this.#content = content
    this.#id = spanId(session, String(started.seq))
  }

  get waitingFor(): string {
    return [...this.#calls.values()].find(({ call }) => call.name === verifyTool)?.id ?? this.#id
  }

  turn(event: Turn): readonly TraceSpan[] {
    const { seq, time, turn, toolCalls, durationMs, usage, costUsd, stopReason } = event
    const endMs = Date.parse(time)
    const { model } = this.#started
    const answers = this.#answers
    this.#answers = []
    // Those without a result will not get one any more.
    const left = [...this.#calls.values()].map((open) => this.#call(open, endMs, undefined))
    this.#calls.clear()
    for (const [at, call] of toolCalls.entries()) {
      const id = spanId(this.#session, `${seq}.${at}`)
      this.#calls.set(call.id, { id, call, startMs: endMs, together: toolCalls.length })
    }
    const span: TraceSpan = {
      id: spanId(this.#session, String(seq)),
      parent: this.#id,
      kind: 'model',
      name: `chat ${model}`,
      startMs: Math.max(Date.parse(this.#started.time), endMs - Math.round(durationMs)),
      endMs,
      status: 'ok',
      attributes: {
        ...kindAttributes('model', this.#session),
        ...modelAttributes({ model, usage, costUsd, finishReason: stopReason }),
        'drydock.attempt': this.#started.attempt,
        'drydock.turn': turn,
        'drydock.turn.tool_calls': toolCalls.length,
        ...(this.#content ? turnContent(event, answers) : {}),
      },
      events: [],
    }
    return [...left, span]
  }

  result(event: EventOf<'agent.toolResult'>): readonly TraceSpan[] {
    const open = this.#calls.get(event.id)
    this.#answers.push({ id: event.id, text: event.text })
    if (open === undefined) return []
    this.#calls.delete(event.id)
    return [this.#call(open, Date.parse(event.time), event)]
  }

  end(event: Event): readonly TraceSpan[] {
    const finished = event.type === 'attempt.finished' ? event : undefined
    const end = finished?.end ?? 'interrupted'
    const endMs = Date.parse(event.time)
    const left = [...this.#calls.values()].map((open) => this.#call(open, endMs, undefined))
    this.#calls.clear()
    const { attempt, model, time } = this.#started
    const content = this.#content ? finished : undefined
    const span: TraceSpan = {
      id: this.#id,
      parent: this.#parent,
      kind: 'attempt',
      name: 'invoke_agent drydock',
      startMs: Date.parse(time),
      endMs,
      status: end === 'done' ? 'ok' : end === 'cancelled' ? 'unset' : 'error',
      attributes: {
        ...kindAttributes('attempt', this.#session),
        [genAi.operation]: 'invoke_agent',
        [genAi.agentName]: 'drydock',
        [genAi.provider]: 'anthropic',
        [genAi.requestModel]: model,
        [genAi.conversation]: this.#session,
        'drydock.attempt': attempt,
        'drydock.attempt.end': end,
        ...known({
          'drydock.attempt.turns': finished?.turns,
          'drydock.attempt.detail': content?.detail,
          [openInference.output]: content?.account,
          [common.errorType]: end === 'done' ? undefined : end,
        }),
      },
      events: this.events,
    }
    return [...left, span]
  }

  /** `result` is undefined where none came. */
  #call(open: OpenCall, endMs: number, result: EventOf<'agent.toolResult'> | undefined): TraceSpan {
    const { id, call, startMs, together } = open
    return {
      id,
      parent: this.#id,
      kind: 'tool',
      name: `execute_tool ${call.name}`,
      startMs,
      endMs: Math.max(startMs, endMs),
      status: result === undefined ? 'unset' : result.isError ? 'error' : 'ok',
      attributes: {
        ...kindAttributes('tool', this.#session),
        [genAi.operation]: 'execute_tool',
        [genAi.toolName]: call.name,
        [genAi.toolType]: 'function',
        [genAi.toolCallId]: call.id,
        [openInference.toolName]: call.name,
        'drydock.tool.calls_of_turn': together,
        ...(result?.isError === true ? { [common.errorType]: 'tool_error' } : {}),
        ...(result === undefined ? { 'drydock.tool.unanswered': true } : {}),
        ...(this.#content ? toolContent(call, result?.text) : {}),
      },
      events: [],
    }
  }
}
