import { createHash } from 'node:crypto'
import { common, langfuse, mlflow, openInference, type SpanKind, spanKinds } from './conventions.ts'

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>

export interface SpanEvent {
  readonly name: string
  readonly atMs: number
  readonly attributes: Attributes
}

/** One piece of a session's work, as it is exported. Times are ms since 1970, UTC. */
export interface TraceSpan {
  /** 16 hex digits, always the same for the same piece of the same session. */
  readonly id: string
  /** Undefined for the session itself. */
  readonly parent?: string
  readonly kind: SpanKind
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  /** `unset`: ended by a person's decision, which is no fault. */
  readonly status: 'ok' | 'error' | 'unset'
  readonly attributes: Attributes
  readonly events: readonly SpanEvent[]
}

/** 32 hex digits. A session exported twice is one trace. */
export function traceId(session: string): string {
  return digits(`trace/${session}`, 32)
}

/** `key` names the piece of work within the session: the number of the event that began it, or that told of it. */
export function spanId(session: string, key: string): string {
  return digits(`span/${session}/${key}`, 16)
}

function digits(text: string, count: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, count)
}

/** What a span is, for each product that reads it. */
export function kindAttributes(kind: SpanKind, session: string): Attributes {
  const names = spanKinds[kind]
  return {
    [common.sessionId]: session,
    [mlflow.spanType]: names.mlflow,
    [openInference.kind]: names.openInference,
    [langfuse.type]: names.langfuse,
  }
}

/** What is known of it only where it is not undefined. */
export function known(values: Readonly<Record<string, Attributes[string] | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Attributes
}
