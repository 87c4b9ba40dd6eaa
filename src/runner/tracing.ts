import type { Event } from '../contract/events.ts'
import { toFailure } from '../contract/failure.ts'
import type { Task } from '../contract/task.ts'
import type { CommandContext } from './commands/context.ts'
import type { LiveTrace } from './telemetry/live.ts'
import { secretsOfTelemetry, type TelemetrySettings, telemetrySettings } from './telemetry/settings.ts'

/** What a runner does about a session's trace while it holds the session; nothing where no collector is named. */
export interface Tracing {
  /** What must not be in the log. */
  readonly secrets: readonly string[]
  /** `before`: events of earlier holders. */
  begin(task: Task, before: readonly Event[]): Promise<void>
  /** Never throws, never waits. */
  add(event: Event): void
  /** After the session is released; a second at most. Says once, on standard error, what did not arrive. */
  end(): Promise<void>
}

export async function openTracing(
  context: Pick<CommandContext, 'env' | 'stderr' | 'version'>,
): Promise<Tracing> {
  const say = (sentence: string): void => void context.stderr.write(`traces: ${sentence}\n`)
  let settings: TelemetrySettings | undefined
  try {
    settings = await telemetrySettings(context.env)
  } catch (error) {
    // A run does not end by where its trace should go.
    const { message, next } = toFailure(error)
    say(`${message} ${next}`)
  }
  let live: LiveTrace | undefined
  return {
    secrets: secretsOfTelemetry(settings),
    async begin(task, before) {
      if (settings === undefined) return
      const named = { session: task.id, version: context.version, before }
      try {
        const { openLiveTrace } = await import('./telemetry/live.ts')
        live = openLiveTrace({ ...named, settings: withContent(settings, task) })
      } catch (error) {
        say(toFailure(error).message)
      }
    },
    add: (event) => live?.add(event),
    async end() {
      const missing = await live?.end()
      live = undefined
      if (missing !== undefined) say(missing)
    },
  }
}

/** Content goes out where the environment or the session's own settings say so. */
export function withContent(settings: TelemetrySettings, task: Task): TelemetrySettings {
  return { ...settings, content: settings.content || task.settings.captureContent === true }
}
