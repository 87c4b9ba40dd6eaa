import type { DrydockError } from '../contract/failure.ts'
import { type Command, refusal, standingOf } from '../contract/following.ts'
import { settledAfter } from '../contract/settled.ts'
import { type HeldSession, type HoldOptions, holdSession, recover } from '../store/session.ts'
import type { CommandContext } from './commands/context.ts'
import { runnerName } from './commands/context.ts'
import { traced } from './tracing.ts'

/** Holds a session for a command that may follow now; its release throws where the log could not be written. */
export async function holdFor(
  context: CommandContext,
  id: string,
  command: Command,
  options: HoldOptions,
): Promise<HeldSession> {
  const held = await holdWhole(context, id, options)
  const no = refusalNow(held, command)
  if (no === undefined) return held
  await held.release()
  throw no
}

/**
 * Holds a session whatever may follow; what a dead runner left open is ended first. Its release throws where the log could
 * not be written.
 */
export async function holdWhole(
  context: CommandContext,
  id: string,
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
  return { ...held, release }
}

/** What speaks against a command, as the session is now; undefined where it may follow. */
export function refusalNow({ task, log, view }: HeldSession, command: Command): DrydockError | undefined {
  return refusal(task.id, command, standingOf(view(), log.events.reduce(settledAfter, false)))
}
