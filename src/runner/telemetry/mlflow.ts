import fetch from 'make-fetch-happen'
import { z } from 'zod'
import { agentFor } from './collector.ts'
import type { Assessment } from './evaluations.ts'
import type { TelemetrySettings } from './settings.ts'
import { traceId } from './span.ts'

/** Only fields that are used; the server's answers have more. */
const Stored = z.object({
  assessment_id: z.string(),
  assessment_name: z.string(),
  rationale: z.string().optional(),
  source: z.object({ source_type: z.string(), source_id: z.string().optional() }).optional(),
  feedback: z.object({ value: z.unknown() }).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  valid: z.boolean().optional(),
})
type Stored = z.infer<typeof Stored>

const TraceAnswer = z.object({
  trace: z.object({ trace_info: z.object({ assessments: z.array(Stored).optional() }) }),
})

/** By this an assessment of ours is known again, whoever else assesses the trace. */
const own = 'drydock.assessment'

type Ask = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) => Promise<unknown>

/**
 * Brings a session's assessments to the trace at an MLflow server, which must have the trace: a new one is made, one
 * that says something else by now is changed, the others are left. Returns how many were written.
 */
export async function assess(
  settings: TelemetrySettings & { readonly mlflow: string },
  session: string,
  assessments: readonly Assessment[],
  signal?: AbortSignal,
): Promise<number> {
  const ask = asker(settings, signal)
  const trace = `/api/3.0/mlflow/traces/tr-${traceId(session)}`
  const { trace: found } = TraceAnswer.parse(await ask('GET', trace))
  const stored = new Map(
    (found.trace_info.assessments ?? [])
      .filter(({ metadata, valid }) => metadata?.[own] !== undefined && valid !== false)
      .map((one) => [one.metadata?.[own], one]),
  )
  let written = 0
  for (const one of assessments) {
    const before = stored.get(one.name)
    if (before !== undefined && says(before, one)) continue
    const assessment = wire(one, `tr-${traceId(session)}`)
    if (before === undefined) await ask('POST', `${trace}/assessments`, { assessment })
    else {
      const update_mask = 'feedback,rationale,metadata'
      await ask('PATCH', `${trace}/assessments/${before.assessment_id}`, { assessment, update_mask })
    }
    written += 1
  }
  return written
}

function says({ feedback, rationale }: Stored, one: Assessment): boolean {
  return feedback?.value === one.value && (rationale ?? '') === one.rationale
}

function wire({ name, source, sourceId, value, rationale, atMs }: Assessment, trace: string): object {
  const time = new Date(atMs).toISOString()
  return {
    assessment_name: name,
    trace_id: trace,
    source: { source_type: source, source_id: sourceId },
    create_time: time,
    last_update_time: time,
    feedback: { value },
    rationale,
    metadata: { [own]: name },
    valid: true,
  }
}

function asker(settings: TelemetrySettings & { readonly mlflow: string }, signal?: AbortSignal): Ask {
  const { mlflow, headers, timeoutMs } = settings
  const agent = agentFor(mlflow, settings)
  return async (method, path, body) => {
    const answer = await fetch(`${mlflow}${path}`, {
      method,
      agent: agent as never,
      headers: { ...headers, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeout: timeoutMs,
      redirect: 'error',
      retry: method === 'GET' ? { retries: 2, minTimeout: 200 } : false,
      ...(signal === undefined ? {} : { signal: signal as never }),
    })
    const text = await answer.text()
    if (answer.ok) return JSON.parse(text)
    throw new Error(`it answered with status ${answer.status} to an assessment`)
  }
}
