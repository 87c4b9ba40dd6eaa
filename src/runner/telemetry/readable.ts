import { type Attributes as OtelAttributes, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { common } from './conventions.ts'
import { type TraceSpan, traceId } from './span.ts'

const codes = { ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR, unset: SpanStatusCode.UNSET } as const

/** Spans of a session as OpenTelemetry's own exporters take them. */
export function toReadable(
  session: string,
  version: string,
  attributes: Readonly<Record<string, string>>,
): (span: TraceSpan) => ReadableSpan {
  const resource = resourceFromAttributes({ 'service.version': version, ...attributes })
  const instrumentationScope = { name: 'drydock', version }
  const context = (spanId: string) => ({
    traceId: traceId(session),
    spanId,
    traceFlags: TraceFlags.SAMPLED,
  })
  return (span) => ({
    name: span.name,
    kind: span.kind === 'model' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    spanContext: () => context(span.id),
    ...(span.parent === undefined ? {} : { parentSpanContext: context(span.parent) }),
    startTime: hrTime(span.startMs),
    endTime: hrTime(span.endMs),
    duration: hrTime(span.endMs - span.startMs),
    status: { code: codes[span.status], ...messageOf(span) },
    attributes: span.attributes as OtelAttributes,
    events: span.events.map(({ name, atMs, attributes }) => ({
      name,
      time: hrTime(atMs),
      attributes: attributes as OtelAttributes,
    })),
    links: [],
    ended: true,
    resource,
    instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  })
}

function messageOf({ status, attributes }: TraceSpan): { readonly message?: string } {
  const type = attributes[common.errorType]
  return status === 'error' && typeof type === 'string' ? { message: type } : {}
}

function hrTime(ms: number): [number, number] {
  const whole = Math.floor(ms / 1000)
  return [whole, Math.round((ms - whole * 1000) * 1e6)]
}
