import type { Event } from '../../contract/events.ts'
import { modelAttributes } from './modelCall.ts'
import { kindAttributes, spanId, type TraceSpan } from './span.ts'

/**
 * What the judge's model was asked, as one call: the log keeps the sum of its samples. None where no model was asked.
 */
export function judgeSpan(
  session: string,
  stage: { readonly id: string; readonly startMs: number } | undefined,
  event: Extract<Event, { type: 'verdict.given' }>,
): readonly TraceSpan[] {
  const { verdict, usage, seq, time } = event
  const { model, samples, costUsd } = verdict
  if (model === undefined || samples === 0) return []
  const endMs = Date.parse(time)
  return [
    {
      id: spanId(session, String(seq)),
      parent: stage?.id ?? spanId(session, 'session'),
      kind: 'model',
      name: `chat ${model}`,
      startMs: stage?.startMs ?? endMs,
      endMs,
      status: 'ok',
      attributes: {
        ...kindAttributes('model', session),
        ...modelAttributes({ model, usage, costUsd }),
        'drydock.judge.samples': samples,
        ...(verdict.promptHash === undefined ? {} : { 'drydock.prompt_hash': verdict.promptHash }),
      },
      events: [],
    },
  ]
}
