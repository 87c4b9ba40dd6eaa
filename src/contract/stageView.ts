import { z } from 'zod'
import { type Event, StageName } from './events.ts'
import { StageRole } from './report.ts'

const time = z.iso.datetime()

/** One row of a session's timeline. */
export const StageView = z.strictObject({
  name: StageName,
  role: StageRole.optional(),
  attempt: z.int().positive().optional(),
  /** `interrupted`: the session ended while the stage was open. */
  status: z.enum(['running', 'ok', 'failed', 'cancelled', 'interrupted']),
  startedAt: time,
  /** Null while it runs, and where nobody measured it. */
  durationMs: z.number().nonnegative().nullable(),
  cached: z.boolean(),
  progress: z
    .strictObject({ message: z.string(), done: z.number().optional(), total: z.number().optional() })
    .optional(),
  detail: z.string().optional(),
  /** What its checks came to; missing in older logs, and where it makes none. */
  checks: z.enum(['passed', 'failed']).optional(),
  /** Of failed checks: nothing failed that passes on the base. */
  asOnBase: z.literal(true).optional(),
  /** Earlier starts of the same stage that came to an end; missing where there was none. */
  before: z.array(z.strictObject({ startedAt: time, durationMs: z.number().nonnegative() })).optional(),
})
export type StageView = z.infer<typeof StageView>

type StageEvent = Extract<Event, { type: `stage.${string}` }>

/**
 * A stage is one row by name, role and attempt; started again, its row begins anew and keeps how long it took before,
 * and what its checks came to until they are made again. `reviewed`: a person saw the
 * change before. Older logs call the search for parts that are not needed what a reviewer's drop is called.
 */
export function withStage(stages: readonly StageView[], told: StageEvent, reviewed: boolean): StageView[] {
  const searches = told.role === 'dropped' && told.stage === 'verify' && !reviewed
  const event: StageEvent = searches ? { ...told, role: 'minimise' } : told
  const at = stages.findIndex(
    (stage) => stage.name === event.stage && stage.role === event.role && stage.attempt === event.attempt,
  )
  const before = stages[at]
  const after = event.type === 'stage.started' ? startedAgain(before, event) : stageAfter(before, event)
  return before === undefined ? [...stages, after] : stages.with(at, after)
}

/** More starts than this are told as one: a log may hold any number of them. */
const mostStarts = 20

type Start = NonNullable<StageView['before']>[number]

function bounded([first, second, ...rest]: readonly Start[]): Start[] {
  if (first === undefined || second === undefined) return first === undefined ? [] : [first]
  if (rest.length + 2 <= mostStarts) return [first, second, ...rest]
  return [{ ...first, durationMs: first.durationMs + second.durationMs }, ...rest]
}

function startedAgain(before: StageView | undefined, event: StageEvent): StageView {
  const stage = stageAfter(undefined, event)
  if (before === undefined) return stage
  const { startedAt, durationMs, checks, asOnBase } = before
  const last = durationMs === null ? [] : [{ startedAt, durationMs }]
  const starts = bounded([...(before.before ?? []), ...last])
  return {
    ...stage,
    ...(checks === undefined ? {} : { checks }),
    ...(asOnBase === undefined ? {} : { asOnBase }),
    ...(starts.length === 0 ? {} : { before: starts }),
  }
}

function stageAfter(before: StageView | undefined, event: StageEvent): StageView {
  const stage: StageView = before ?? {
    name: event.stage,
    ...(event.role === undefined ? {} : { role: event.role }),
    ...(event.attempt === undefined ? {} : { attempt: event.attempt }),
    status: 'running',
    startedAt: event.time,
    durationMs: null,
    cached: false,
  }
  if (event.type === 'stage.started') return stage
  if (event.type === 'stage.progress') {
    const { message, done, total } = event
    return {
      ...stage,
      progress: {
        message,
        ...(done === undefined ? {} : { done }),
        ...(total === undefined ? {} : { total }),
      },
    }
  }
  const { progress: _, checks: was, asOnBase: wasOnBase, ...rest } = stage
  const { status, durationMs, cached = false, detail } = event
  const { checks = was, asOnBase = event.checks === undefined ? wasOnBase : undefined } = event
  return {
    ...{ ...rest, status, durationMs, cached },
    ...(detail === undefined ? {} : { detail }),
    ...(checks === undefined ? {} : { checks }),
    ...(asOnBase === undefined ? {} : { asOnBase }),
  }
}
