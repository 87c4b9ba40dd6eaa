import { failures } from '../../contract/failures.ts'
import { restoring, reviewTrail } from '../../contract/reviewed.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { noControl } from '../../store/control.ts'
import { holdFor } from '../follow.ts'
import { sessionSummary } from '../terminal/summary.ts'
import { type CommandContext, printSession } from './context.ts'
import { exitCodes } from './exitCode.ts'

/**
 * Puts the patch from before the last drop on show again, with the checks, warnings and verdict it had; nothing runs.
 * `digest` is the patch that is expected. Throws `session-state`, `session-busy`, `approval-void`.
 */
export async function restoreSession(
  context: CommandContext,
  id: string,
  digest: string | undefined,
): Promise<SessionView> {
  const held = await holdFor(context, id, 'restore', {
    control: noControl,
  })
  try {
    const back = restoring(reviewTrail(held.log.events), held.view())
    if (back === undefined)
      throw failures.sessionState(id, 'whole: no part of its patch was dropped', 'without some of its parts')
    if (digest !== undefined && digest !== back.patch.digest)
      throw failures.approvalVoid('the patch from before the drop is another one')
    held.log.emit(back)
    return held.view()
  } finally {
    await held.release()
  }
}

/** `drydock restore`. */
export async function restore(
  context: CommandContext,
  id: string,
  flags: { readonly json?: boolean },
): Promise<number> {
  const view = await restoreSession(context, id, undefined)
  if (flags.json === true) printSession(context, view)
  else context.stdout.write(await sessionSummary(context, view))
  return view.matrix?.green === true ? exitCodes.done : exitCodes.notGreen
}
