import type { Event, StageName } from '../../contract/events.ts'
import { common } from './conventions.ts'
import { kindAttributes, known, spanId, type TraceSpan } from './span.ts'

type ContainerEnded = Extract<Event, { type: 'container.ended' }>

/** A stage that is or was: without an end while it is. */
export interface StageTime {
  readonly id: string
  readonly name: StageName
  readonly startMs: number
  readonly endMs?: number
}

const users: Readonly<Record<ContainerEnded['kind'], readonly StageName[]>> = {
  agent: ['repair'],
  install: ['update', 'prepare'],
  project: ['verify', 'prepare', 'update'],
}

/** Below the one stage that can have started it; below the session where two of them ran side by side. */
export function containerSpan(
  session: string,
  stages: readonly StageTime[],
  event: ContainerEnded,
): TraceSpan {
  const { kind, image, exitCode, timedOut, outOfMemory, durationMs, seq, time } = event
  const endMs = Date.parse(time)
  const startMs = Math.round(endMs - durationMs)
  const [only, ...others] = stages.filter(
    ({ name, startMs: from, endMs: to }) =>
      users[kind].includes(name) && from <= startMs && (to === undefined || to >= startMs),
  )
  const fault = timedOut === true ? 'timeout' : outOfMemory === true ? 'out_of_memory' : undefined
  return {
    id: spanId(session, String(seq)),
    parent: only === undefined || others.length > 0 ? spanId(session, 'session') : only.id,
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
