import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { Event } from '../../contract/events.ts'
import { toFailure } from '../../contract/failure.ts'
import { openCollector } from './collector.ts'
import { foldTrace } from './fold.ts'
import { assess } from './mlflow.ts'
import { toReadable } from './readable.ts'
import { shownAddress, type TelemetrySettings } from './settings.ts'

/** A session's trace, exported while it comes about. */
export interface LiveTrace {
  /** Never throws, never waits. */
  add(event: Event): void
  /**
   * Lets the last spans go, within a second, and waits for no collector that was silent for as long already; says in a
   * sentence what did not arrive.
   */
  end(): Promise<string | undefined>
}

export interface LiveOptions {
  readonly settings: TelemetrySettings
  readonly session: string
  readonly version: string
  /** Events of earlier holders: their spans were theirs to export. */
  readonly before: readonly Event[]
}

/** How long a collector may leave a run waiting that is at its end, counted from the oldest batch it has not answered. */
const partingMs = 900
/** Spans that wait: later ones are dropped where a collector takes none. */
const maxQueueSize = 2048

export function openLiveTrace({ settings, session, version, before }: LiveOptions): LiveTrace {
  const collector = openCollector(settings, `drydock/${version}`)
  const queue = new BatchSpanProcessor(collector.exporter, {
    ...{ maxQueueSize, maxExportBatchSize: 256, scheduledDelayMillis: 1000 },
    exportTimeoutMillis: settings.timeoutMs,
  })
  const fold = foldTrace(settings)
  const readable = toReadable(session, version, settings.resource)
  for (const event of before) fold.add(event)
  const known = JSON.stringify(fold.assessments)
  let given = 0
  let trouble: string | undefined
  const finish = async (signal: AbortSignal): Promise<void> => {
    // A batch that failed has left its reason with the collector.
    await queue.forceFlush().catch(() => undefined)
    await collector.settled()
    const changed = JSON.stringify(fold.assessments) !== known
    if (!changed || settings.mlflow === undefined || collector.taken < given) return
    await assess({ ...settings, mlflow: settings.mlflow }, session, fold.assessments, signal)
  }
  return {
    add(event) {
      try {
        for (const span of fold.add(event)) {
          given += 1
          queue.onEnd(readable(span))
        }
      } catch (error) {
        trouble = toFailure(error).message
      }
    },
    async end() {
      const late = new AbortController()
      let timer: NodeJS.Timeout | undefined
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, Math.max(0, partingMs - collector.silentMs))
      })
      const finished = finish(late.signal).catch((error: unknown) => {
        trouble ??= toFailure(error).message
      })
      await Promise.race([finished, deadline])
      clearTimeout(timer)
      late.abort()
      const missing = given - collector.taken
      collector.close()
      if (missing === 0 && trouble === undefined) return undefined
      const why = collector.trouble ?? trouble ?? 'it did not answer in time'
      const what = missing === 0 ? 'assessments of the session' : `${missing} of ${given} spans of the trace`
      return `The collector at ${shownAddress(settings.url)} did not take ${what} (${why}). \`drydock trace ${session}\` sends all of it again.`
    },
  }
}
