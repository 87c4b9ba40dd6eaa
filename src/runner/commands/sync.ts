import type { Failure } from '../../contract/failure.ts'
import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { type PullRequestSeen, sameSeen, seenLine } from '../../contract/pullRequestSeen.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { endOf } from '../../contract/states/ended.ts'
import { taskTitle } from '../../contract/task.ts'
import { noControl } from '../../store/control.ts'
import { sessionFiles } from '../../store/files.ts'
import { sessionFolder } from '../../store/home.ts'
import { holdSession, listSessions, readSession } from '../../store/session.ts'
import type { SessionLog } from '../../store/write.ts'
import type { Host } from '../hosts/host.ts'
import { hostError } from '../hosts/hostError.ts'
import { hostOf } from '../hosts/index.ts'
import { openKept } from '../hosts/kept.ts'
import { oneLine } from '../terminal/text.ts'
import { traced } from '../tracing.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'
import { hostTokens } from './hostTokens.ts'

/** Outcomes after which a pull request may still change. */
const open = new Set<SessionView['outcome']>(['published', 'closed'])

/** `drydock sync`: asks the host what became of one session's pull request, or of every open one. */
export async function sync(
  context: CommandContext,
  id: string | undefined,
  flags: { readonly json?: boolean },
): Promise<number> {
  const views = id === undefined ? await published(context) : [await readSession(context.sessions, id)]
  const told: { id: string; seen?: PullRequestSeen; failure?: Failure }[] = []
  let failed = false
  for (const view of views) {
    try {
      const seen = await syncSession(context, view)
      told.push({ id: view.id, seen })
      if (flags.json !== true) context.stdout.write(`${syncedLine(context, view, seen)}\n`)
    } catch (error) {
      // One that cannot be asked about keeps none of the others from it.
      if (id !== undefined || context.signal.aborted) throw error
      const failure = toFailure(error)
      failed = true
      told.push({ id: view.id, failure })
      if (flags.json !== true) context.stdout.write(`${view.id}  ${oneLine(failure.message, 200)}\n`)
    }
  }
  if (flags.json === true) printJson(context, told)
  else if (views.length === 0) context.stdout.write('No session has an open pull request.\n')
  return failed ? exitCodes.refused : exitCodes.done
}

async function published(context: CommandContext): Promise<readonly SessionView[]> {
  const found: SessionView[] = []
  for (const id of await listSessions(context.sessions)) {
    const view = await readSession(context.sessions, id).catch(() => undefined)
    if (view?.outcome === 'published' && view.pullRequest?.number !== undefined) found.push(view)
  }
  return found
}

function syncedLine({ colors: c }: CommandContext, view: SessionView, seen: PullRequestSeen): string {
  const state = seen.state === 'merged' ? c.green(seen.state) : seen.state
  const said = seenLine(seen, view.commit)
  return `${view.id}  ${oneLine(taskTitle(view.task), 44)}  ${state}${said === '' ? '' : `  ${oneLine(said, 200)}`}`
}

/** Asks once, and writes what changed. Throws `session-state`, `host-refused`, `session-busy`. */
export async function syncSession(context: CommandContext, { id }: SessionView): Promise<PullRequestSeen> {
  const tokens = hostTokens(context.env)
  const secrets = Object.values(tokens).filter((token) => token !== undefined)
  const held = await traced(context, { control: noControl, secrets }, (options) =>
    holdSession(context.sessions, id, options),
  )
  try {
    const view = held.view()
    const number = view.pullRequest?.number
    if (number === undefined) throw failures.noPullRequest(id)
    if (!open.has(view.outcome)) throw failures.sessionState(id, endOf(view), 'published')
    const host = openHost(context, view)
    const kept = await openKept(sessionFiles.kept(sessionFolder(context.sessions, id)))
    const seen = await host.follow(number, kept)
    await kept.save()
    tell(held.log, view, seen)
    return seen
  } catch (error) {
    const again = `\`drydock sync ${id}\` again`
    throw hostError(error, 'The host did not say what became of it', again)
  } finally {
    await held.release()
  }
}

/** The host of a session's remote, to be asked; throws `session-state`, `host-refused` where nobody can. */
export function openHost(context: CommandContext, { id, task }: SessionView): Host {
  const { env, signal, stderr, colors } = context
  const progress = (message: string): void => void stderr.write(`${colors.dim(`… ${message}`)}\n`)
  const url = task.repository.remote?.url ?? ''
  const found = hostOf(url, task.settings, hostTokens(env), { signal, progress })
  if (found === undefined) throw failures.noPullRequest(id)
  if ('closed' in found) throw failures.noHostToken(found.closed)
  return found.host
}

/** Only what is new stands in the log; a merge or a close is the session's outcome. */
function tell({ emit }: SessionLog, view: SessionView, seen: PullRequestSeen): void {
  const { at: _, ...before } = view.seen ?? { at: '' }
  if (view.seen === undefined || !sameSeen(before as PullRequestSeen, seen))
    emit({ type: 'pullRequest.seen', seen })
  const outcome = seen.state === 'open' ? 'published' : seen.state
  if (outcome === view.outcome) return
  const reasons = {
    merged: 'Its pull request was merged.',
    closed: 'Its pull request was closed without a merge.',
    published: 'Its pull request was opened again.',
  }
  emit({ type: 'session.finished', outcome, reason: reasons[outcome] })
}
