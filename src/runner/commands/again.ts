import { failures } from '../../contract/failures.ts'
import { mayFollow, refusal, standingOf } from '../../contract/following.ts'
import type { Task } from '../../contract/task.ts'
import { newSessionId } from '../../store/home.ts'
import { readSession, recover } from '../../store/session.ts'
import { secretsOf } from '../gateway/connection.ts'
import { modelConnection } from '../modelConnection.ts'
import type { Dropped } from '../patch/drop.ts'
import { dropFromSession, resumeSession } from '../session.ts'
import { sessionSummary } from '../terminal/summary.ts'
import { type CommandContext, printSession, runnerName } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { requireItsRepository } from './itsRepository.ts'
import { rejectSession } from './reject.ts'
import { runShown, runTask } from './update.ts'

/**
 * `drydock retry`: a new session for an ended one's task; one that lacked a model alone goes on itself. Throws
 * `session-busy` where that one still runs.
 */
export async function retry(
  context: CommandContext,
  id: string,
  flags: { readonly note?: string; readonly json?: boolean },
): Promise<number> {
  const asked = { acknowledge: [], review: true, ...flags }
  if (await goesOn(context, id, flags.note))
    return runShown(context, (onEvent) => resumeSession(context, id, onEvent), asked)
  return runTask(context, await retryOf(context, id, flags.note), asked)
}

/** Whether trying again is going on where the session stopped: it lacked a model, and nothing is asked for beside that. */
export async function goesOn(
  context: CommandContext,
  id: string,
  note: string | undefined,
): Promise<boolean> {
  if ((note ?? '') !== '') return false
  const view = await readSession(context.sessions, id)
  if (!mayFollow('resume', standingOf(view, true))) return false
  await requireItsRepository(context, view)
  return true
}

/**
 * The task of an ended session once more; one that waits for review is sent back by that. Throws `session-busy`
 * where it still runs.
 */
export async function retryOf(context: CommandContext, id: string, note: string | undefined): Promise<Task> {
  await recover(context.sessions, id, runnerName(context))
  const view = await readSession(context.sessions, id)
  // Who still works on it holds its lock; one that waits and is settled by `recover` may be sent back.
  const no = refusal(id, 'retry', standingOf(view, view.alive !== true))
  if (no !== undefined) throw no
  await requireItsRepository(context, view)
  // What waits is given up for another try only where that can be made, and words are for an agent.
  const needsModel = view.outcome === 'awaiting-review' || (note ?? '') !== ''
  if (needsModel && secretsOf(await modelConnection(context.env)).length === 0) throw failures.noKey()
  if (view.outcome === 'awaiting-review') await rejectSession(context, id, note ?? 'it is tried again')
  const { retry: _, ...task } = view.task
  const retry = { of: id, ...(note === undefined ? {} : { note }) }
  return { ...task, id: newSessionId(context.now()), retry }
}

/** `drydock drop`: `src/a.ts` leaves the file out, `src/a.ts:2` its second hunk. */
export async function drop(
  context: CommandContext,
  id: string,
  parts: readonly string[],
  flags: { readonly json?: boolean },
): Promise<number> {
  const { patch } = await readSession(context.sessions, id)
  if (patch === null) throw failures.sessionState(id, 'without a change', 'one with a patch')
  const paths = new Set(patch.files.map(({ path }) => path))
  const dropped = parts.map((part) => partOf(part, paths))
  const view = await dropFromSession(context, id, { digest: patch.digest, dropped }, () => {})
  if (flags.json === true) printSession(context, view)
  else context.stdout.write(await sessionSummary(context, view))
  return view.matrix?.green === true ? exitCodes.done : exitCodes.notGreen
}

function partOf(part: string, paths: ReadonlySet<string>): Dropped {
  const [, path = part, hunk] = paths.has(part) ? [] : (/^(.*):([1-9]\d*)$/.exec(part) ?? [])
  return { path, ...(hunk === undefined ? {} : { hunk: Number(hunk) - 1 }) }
}
