import type { SessionView } from '../../contract/sessionView.ts'
import { noControl } from '../../store/control.ts'
import { holdFor } from '../follow.ts'
import type { CommandContext } from './context.ts'
import { printSession } from './context.ts'
import { exitCodes } from './exitCode.ts'

/** Ends a waiting session without a pull request. Throws `session-state` where it is not waiting. */
export async function rejectSession(
  context: CommandContext,
  id: string,
  reason: string,
): Promise<SessionView> {
  const held = await holdFor(context, id, 'reject', {
    control: noControl,
  })
  try {
    held.log.emit({
      type: 'session.finished',
      outcome: 'rejected',
      reason: reason === '' ? 'Rejected.' : `Rejected: ${reason}`,
    })
    return held.view()
  } finally {
    await held.release()
  }
}

export async function rejectCommand(
  context: CommandContext,
  id: string,
  flags: { readonly reason?: string; readonly json?: boolean },
): Promise<number> {
  const view = await rejectSession(context, id, flags.reason ?? '')
  if (flags.json === true) printSession(context, view)
  else context.stdout.write(`Rejected ${id}.\n`)
  return exitCodes.done
}
