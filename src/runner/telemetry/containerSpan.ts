import type { Event } from '../../contract/events.ts'
import { common } from './conventions.ts'
import { kindAttributes, known, spanId, type TraceSpan } from './span.ts'

type ContainerEnded = Extract<Event, { type: 'container.ended' }>

/** `parent`: the stage that started it, or the session. */
export function containerSpan(session: string, parent: string, event: ContainerEnded): TraceSpan {
  const { kind, image, exitCode, timedOut, outOfMemory, durationMs, seq, time } = event
  const endMs = Date.parse(time)
  const startMs = Math.round(endMs - durationMs)
  const fault = timedOut === true ? 'timeout' : outOfMemory === true ? 'out_of_memory' : undefined
  return {
    id: spanId(session, String(seq)),
    parent,
    kind: 'container',
    name: `container ${kind}`,
    startMs,
    endMs,
    status: fault === undefined ? 'ok' : 'error',
    attributes: {
      ...kindAttributes('container', session),
      'drydock.container.kind': kind,
      'drydock.container.image': image,
      ...known({ 'drydock.container.exit_code': exitCode ?? undefined, [common.errorType]: fault }),
    },
    events: [],
  }
}
