import type { Event } from '../../contract/events.ts'
import { reduce, type SessionView } from '../../contract/sessionView.ts'
import { stageId } from '../../contract/stageTitle.ts'
import { type AttemptSpans, openAttempt } from './attemptSpans.ts'
import { containerSpan } from './containerSpan.ts'
import { common } from './conventions.ts'
import { type Assessment, assessmentsOf, evaluationEvent } from './evaluations.ts'
import { judgeSpan } from './judgeSpan.ts'
import { rootSpan } from './rootSpan.ts'
import { type Attributes, kindAttributes, known, type SpanEvent, spanId, type TraceSpan } from './span.ts'

export interface TraceOptions {
  /** Words of models, people and the repository are exported, too. */
  readonly content: boolean
}

/** A session's trace, as it comes about. */
export interface TraceFold {
  /** The spans that this event ended. The session's own comes with each outcome, every time as it then stands. */
  add(event: Event): readonly TraceSpan[]
  /** What was made of the session so far; one of a name. */
  readonly assessments: readonly Assessment[]
}

type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>
type StageEvent = EventOf<'stage.started'> | EventOf<'stage.finished'>

interface OpenStage {
  readonly id: string
  readonly parent: string
  readonly startMs: number
  readonly stage: StageEvent
  readonly events: SpanEvent[]
}

/** All spans of a log and what was made of the session; pure. */
export function traceOf(
  events: Iterable<Event>,
  options: TraceOptions,
): { readonly spans: readonly TraceSpan[]; readonly assessments: readonly Assessment[] } {
  const fold = foldTrace(options)
  const spans = new Map<string, TraceSpan>()
  for (const event of events) for (const span of fold.add(event)) spans.set(span.id, span)
  return { spans: [...spans.values()], assessments: fold.assessments }
}

export function foldTrace(options: TraceOptions): TraceFold {
  return new Fold(options)
}

class Fold implements TraceFold {
  readonly #options: TraceOptions
  #view: SessionView | undefined
  #runner = 'drydock'
  readonly #stages = new Map<string, OpenStage>()
  /** The latest of each stage, by its id. */
  readonly #stageSpans = new Map<string, string>()
  #attempt: AttemptSpans | undefined
  readonly #assessments = new Map<string, Assessment>()

  constructor(options: TraceOptions) {
    this.#options = options
  }

  get assessments(): readonly Assessment[] {
    return [...this.#assessments.values()]
  }

  add(event: Event): readonly TraceSpan[] {
    if (event.type === 'session.created') this.#runner = event.runner
    this.#view = reduce(this.#view, event)
    this.#assess(event)
    return this.#ended(this.#view, event)
  }

  #assess(event: Event): void {
    for (const one of assessmentsOf(event, { ...this.#options, runner: this.#runner })) {
      this.#assessments.set(one.name, one)
      if (one.source === 'LLM_JUDGE') this.#openStage('judge')?.events.push(evaluationEvent(one))
    }
  }

  #ended({ id: session }: SessionView, event: Event): readonly TraceSpan[] {
    switch (event.type) {
      case 'stage.started':
        return this.#startStage(session, event)
      case 'stage.finished':
        return this.#finishStage(session, event)
      case 'attempt.started': {
        const before = this.#attempt?.end(event) ?? []
        const parent = this.#openStage('repair')?.id ?? spanId(session, 'session')
        this.#attempt = openAttempt(session, parent, event, this.#options)
        return before
      }
      case 'agent.turn':
        return this.#attempt?.turn(event) ?? []
      case 'agent.toolResult':
        return this.#attempt?.result(event) ?? []
      case 'model.retried':
        this.#retried(event)
        return []
      case 'attempt.finished':
        return this.#finishAttempt(event)
      case 'container.ended':
        return [containerSpan(session, this.#starterOf(session, event), event)]
      case 'verdict.given':
        return judgeSpan(session, this.#openStage('judge'), event)
      case 'session.finished':
        return this.#finish(event)
      default:
        return []
    }
  }

  #openStage(name: StageEvent['stage']): OpenStage | undefined {
    return [...this.#stages.values()].findLast(({ stage }) => stage.stage === name)
  }

  /** Its end may come after the end of its stage. */
  #starterOf(session: string, { stage, role, attempt }: EventOf<'container.ended'>): string {
    const found = stage === undefined ? undefined : this.#stageSpans.get(stageId({ stage, role, attempt }))
    return found ?? spanId(session, 'session')
  }

  #startStage(session: string, event: EventOf<'stage.started'>): readonly TraceSpan[] {
    const key = stageId(event)
    // One that began anew was never ended: its runner died.
    const before = this.#stages.get(key)
    const id = spanId(session, String(event.seq))
    this.#stageSpans.set(key, id)
    this.#stages.set(key, {
      id,
      // What runs while the agent waits for a tool of its own is that call's work.
      parent: this.#attempt?.waitingFor ?? spanId(session, 'session'),
      startMs: Date.parse(event.time),
      stage: event,
      events: [],
    })
    return before === undefined ? [] : [broken(session, before, event)]
  }

  #finishStage(session: string, event: EventOf<'stage.finished'>): readonly TraceSpan[] {
    const key = stageId(event)
    const open = this.#stages.get(key)
    this.#stages.delete(key)
    return open === undefined ? [] : [stageSpan(session, open, event, this.#options)]
  }

  #finishAttempt(event: Event): readonly TraceSpan[] {
    const spans = this.#attempt?.end(event) ?? []
    this.#attempt = undefined
    return spans
  }

  #retried(event: EventOf<'model.retried'>): void {
    const retried: SpanEvent = {
      name: 'drydock.model.retried',
      atMs: Date.parse(event.time),
      attributes: {
        'drydock.delay_ms': event.delayMs,
        ...(this.#options.content ? { 'drydock.reason': event.reason } : {}),
      },
    }
    if (event.purpose === 'agent') this.#attempt?.events.push(retried)
    else this.#openStage('judge')?.events.push(retried)
  }

  /** Whatever is still open was left so by a runner that died. */
  #finish(event: EventOf<'session.finished'>): readonly TraceSpan[] {
    const view = this.#view
    if (view === undefined) return []
    const left = [...this.#finishAttempt(event)]
    for (const open of this.#stages.values()) left.push(broken(view.id, open, event))
    this.#stages.clear()
    const own = this.assessments.filter(({ source }) => source !== 'LLM_JUDGE').map(evaluationEvent)
    return [...left, rootSpan(view, own, { ...this.#options, runner: this.#runner })]
  }
}

function stageSpan(
  session: string,
  open: OpenStage,
  event: EventOf<'stage.finished'>,
  { content }: TraceOptions,
): TraceSpan {
  const { status, cached, detail } = event
  const failed = status === 'failed'
  return {
    ...stagePart(session, open, {
      'drydock.stage.status': status,
      ...known({ 'drydock.stage.cached': cached, 'drydock.stage.detail': content ? detail : undefined }),
      ...(status === 'ok' ? {} : { [common.errorType]: status }),
    }),
    endMs: Date.parse(event.time),
    status: failed ? 'error' : status === 'ok' ? 'ok' : 'unset',
  }
}

function broken(session: string, open: OpenStage, { time }: Event): TraceSpan {
  return {
    ...stagePart(session, open, {
      'drydock.stage.status': 'interrupted',
      [common.errorType]: 'interrupted',
    }),
    endMs: Date.parse(time),
    status: 'error',
  }
}

function stagePart(
  session: string,
  { id, parent, startMs, stage, events }: OpenStage,
  more: Attributes,
): Omit<TraceSpan, 'endMs' | 'status'> {
  const kind = stage.stage === 'judge' ? 'judge' : 'stage'
  const own = known({
    'drydock.stage.name': stage.stage,
    'drydock.stage.role': stage.role,
    'drydock.attempt': stage.attempt,
  })
  const name = [stage.stage, stage.role].filter((part) => part !== undefined).join(' ')
  return {
    ...{ id, parent, kind, name, startMs },
    attributes: { ...kindAttributes(kind, session), ...own, ...more },
    events,
  }
}
