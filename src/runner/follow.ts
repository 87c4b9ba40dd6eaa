import type { DrydockError } from '../contract/failure.ts'
import { type Command, refusal, standingOf } from '../contract/following.ts'
import { settledAfter } from '../contract/settled.ts'
import { type HeldSession, type HoldOptions, holdSession, recover } from '../store/session.ts'
import type { CommandContext } from './commands/context.ts'
import { runnerName } from './commands/context.ts'
import { traced } from './tracing.ts'

/**
 * Holds a session for a command that may follow now; what a dead runner left open is ended first. Its release throws
 * where the log could not be written.
 */
export async function holdFor(
  context: CommandContext,
  id: string,
  command: Command,
  options: HoldOptions,
): Promise<HeldSession> {
  await recover(context.sessions, id, runnerName(context))
  let broken: DrydockError | undefined
  const onFailure = (failure: DrydockError): void => {
    broken = failure
    options.onFailure?.(failure)
  }
  const hold = (more: HoldOptions) => holdSession(context.sessions, id, more)
  const held = await traced(context, { ...options, onFailure }, hold)
  const release = async (): Promise<void> => {
    await held.release()
    // A decision that is not in the log was not made, whatever the command has to say of it.
    if (broken !== undefined) throw broken
  }
  try {
    requireMay(held, command)
    return { ...held, release }
  } catch (error) {
    await held.release()
    throw error
  }
}

function requireMay({ task, log, view }: HeldSession, command: Command): void {
  const no = refusal(task.id, command, standingOf(view(), log.events.reduce(settledAfter, false)))
  if (no !== undefined) throw no
}
