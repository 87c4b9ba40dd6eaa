import { ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { Event } from '../../contract/events.ts'
import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { openCollector } from './collector.ts'
import { traceOf } from './fold.ts'
import { assess } from './mlflow.ts'
import { toReadable } from './readable.ts'
import { shownAddress, type TelemetrySettings } from './settings.ts'
import { traceId } from './span.ts'

export interface Exported {
  readonly traceId: string
  readonly spans: number
  /** Written at an MLflow server now; undefined where the collector is none. */
  readonly assessments?: number
  /** The session has no outcome yet: its own span comes with that. */
  readonly complete: boolean
}

const batchSize = 256

/** Sends a whole session's trace; sent again it is the same one. Throws `collector-failed`. */
export async function exportTrace(
  settings: TelemetrySettings,
  session: string,
  version: string,
  events: readonly Event[],
): Promise<Exported> {
  const { spans, assessments } = traceOf(events, settings)
  const readable = spans.map(toReadable(session, version, settings.resource))
  const collector = openCollector(settings, `drydock/${version}`)
  const fails = (why: string) => failures.notTaken(shownAddress(settings.url), why)
  try {
    for (let at = 0; at < readable.length; at += batchSize) {
      if (!(await sent(collector.exporter, readable.slice(at, at + batchSize))))
        throw fails(collector.trouble ?? 'it said no')
    }
    const done = {
      traceId: traceId(session),
      spans: spans.length,
      complete: spans.some(({ parent }) => parent === undefined),
    }
    if (settings.mlflow === undefined || spans.length === 0) return done
    const written = assess({ ...settings, mlflow: settings.mlflow }, session, assessments)
    return {
      ...done,
      assessments: await written.catch((error: unknown) => {
        throw fails(toFailure(error).message)
      }),
    }
  } finally {
    collector.close()
  }
}

function sent(exporter: SpanExporter, spans: ReadableSpan[]): Promise<boolean> {
  return new Promise((resolve) => {
    exporter.export(spans, ({ code }) => resolve(code === ExportResultCode.SUCCESS))
  })
}
