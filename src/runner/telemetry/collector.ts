import type { Agent } from 'node:http'
import { getAgent } from '@npmcli/agent'
import { ExportResultCode } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base'
import type { SpanExporter } from '@opentelemetry/sdk-trace-base'
import { toFailure } from '../../contract/failure.ts'
import type { TelemetrySettings } from './settings.ts'

/** The way to a collector, through the host's proxy and with its certificates. */
export interface Collector {
  readonly exporter: SpanExporter
  /** Spans that it took, and the last reason why it did not take others. */
  readonly taken: number
  readonly trouble: string | undefined
  /** Since when the oldest batch under way waits for an answer, in ms; 0 where none is under way. */
  readonly silentMs: number
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  close(): void
}

export function agentFor(url: string, { tls, proxy, noProxy, timeoutMs }: TelemetrySettings): Agent {
  return getAgent(url, {
    ...tls,
    rejectUnauthorized: true,
    timeout: timeoutMs,
    maxSockets: 4,
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
  })
}

export function openCollector(settings: TelemetrySettings, userAgent: string): Collector {
  const { url, headers, timeoutMs, gzip } = settings
  const agent = agentFor(url, settings)
  const inner = new OTLPTraceExporter({
    ...{ url, headers: { ...headers }, timeoutMillis: timeoutMs, userAgent },
    compression: gzip ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
    httpAgentOptions: () => agent,
  })
  let taken = 0
  let trouble: string | undefined
  /** In their order, each with when it was sent. */
  const underWay = new Map<Promise<void>, number>()
  return {
    exporter: {
      export(spans, done) {
        const sent = new Promise<void>((resolve) => {
          inner.export(spans, (result) => {
            if (result.code === ExportResultCode.SUCCESS) taken += spans.length
            else trouble = reasonOf(result.error)
            resolve()
            done(result)
          })
        })
        underWay.set(sent, performance.now())
        void sent.then(() => underWay.delete(sent))
      },
      forceFlush: () => inner.forceFlush(),
      shutdown: () => inner.shutdown(),
    },
    get taken() {
      return taken
    },
    get trouble() {
      return trouble
    },
    get silentMs() {
      const [oldest] = underWay.values()
      return oldest === undefined ? 0 : performance.now() - oldest
    },
    settled: async () => {
      await Promise.all(underWay.keys())
    },
    close: () => agent.destroy(),
  }
}

/** Neither the words of the server nor an address: both may hold what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it said no'
  const { code } = error as { readonly code?: unknown }
  if (typeof code === 'number') return `it answered with status ${code}`
  if (typeof code === 'string') return code
  return (toFailure(error).message.split('\n')[0] ?? '').slice(0, 200)
}
