import { isElsewhere } from '../../contract/elsewhere.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { noControl } from '../../store/control.ts'
import { readSession } from '../../store/session.ts'
import { holdFor } from '../follow.ts'
import { sentThere } from './approve.ts'
import type { CommandContext } from './context.ts'
import { printSession } from './context.ts'
import { exitCodes } from './exitCode.ts'

/**
 * Ends a waiting session without a pull request; of one that another machine has the word is sent there. Throws
 * `session-state` where it is not waiting.
 */
export async function rejectSession(
  context: CommandContext,
  id: string,
  reason: string,
): Promise<SessionView> {
  const before = await readSession(context.sessions, id)
  if (isElsewhere(before)) {
    const { decideElsewhere } = await import('./fleet/decided.ts')
    await decideElsewhere(context, before, { verdict: 'reject', reason })
    return await readSession(context.sessions, id)
  }
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
  else context.stdout.write(isElsewhere(view) ? sentThere(view) : `Rejected ${id}.\n`)
  return exitCodes.done
}
