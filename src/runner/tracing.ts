import type { Event } from '../contract/events.ts'
import { toFailure } from '../contract/failure.ts'
import type { Task } from '../contract/task.ts'
import type { HeldSession, HoldOptions } from '../store/session.ts'
import type { CommandContext } from './commands/context.ts'
import type { LiveTrace } from './telemetry/live.ts'
import { secretsOfTelemetry, type TelemetrySettings, telemetrySettings } from './telemetry/settings.ts'

type Context = Pick<CommandContext, 'env' | 'stderr' | 'version'>

/**
 * Holds a session, and exports its trace for as long as it is held: nothing where no collector is named. `task` is that
 * of a session that is made now. A release waits a second at most for the last spans, and says once what did not arrive.
 */
export async function traced(
  context: Context,
  options: HoldOptions,
  hold: (options: HoldOptions) => Promise<HeldSession>,
  task?: Task,
): Promise<HeldSession> {
  const say = (sentence: string): void => void context.stderr.write(`traces: ${sentence}\n`)
  const settings = await namedCollector(context, say)
  if (settings === undefined) return hold(options)
  const begin = (of: Task, before: readonly Event[]) =>
    begun(context, withContent(settings, of), of, before, say)
  let live = task === undefined ? undefined : await begin(task, [])
  const held = await hold({
    ...options,
    secrets: [...(options.secrets ?? []), ...secretsOfTelemetry(settings)],
    onEvent: (event) => {
      live?.add(event)
      options.onEvent?.(event)
    },
  })
  if (task === undefined) live = await begin(held.task, held.log.events)
  const release = async (): Promise<void> => {
    try {
      await held.release()
    } finally {
      const missing = await live?.end()
      if (missing !== undefined) say(missing)
    }
  }
  return { ...held, release }
}

type Say = (sentence: string) => void

/** A run does not end by where its trace should go. */
async function namedCollector({ env }: Context, say: Say): Promise<TelemetrySettings | undefined> {
  try {
    return await telemetrySettings(env)
  } catch (error) {
    const { message, next } = toFailure(error)
    say(`${message} ${next}`)
    return undefined
  }
}

async function begun(
  { version }: Context,
  settings: TelemetrySettings,
  { id: session }: Task,
  before: readonly Event[],
  say: Say,
): Promise<LiveTrace | undefined> {
  try {
    const { openLiveTrace } = await import('./telemetry/live.ts')
    return openLiveTrace({ settings, session, version, before })
  } catch (error) {
    say(toFailure(error).message)
    return undefined
  }
}

/** Content goes out where the environment or the session's own settings say so. */
export function withContent(settings: TelemetrySettings, task: Task): TelemetrySettings {
  return { ...settings, content: settings.content || task.settings.captureContent === true }
}
