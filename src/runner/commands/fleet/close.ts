import { setTimeout as after } from 'node:timers/promises'
import { toFailure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import type { JobState } from '../../../contract/fleet/state.ts'
import { troubleReason } from '../../../contract/hostTrouble.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import { readSession } from '../../../store/session.ts'
import { HostRefusal } from '../../hosts/host.ts'
import { hostError } from '../../hosts/hostError.ts'
import { oneLine } from '../../terminal/text.ts'
import { atTerminal, confirms } from '../ask.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { openHost, syncSession } from '../sync.ts'
import { meantJobs } from './decide.ts'
import { openFleet } from './fleet.ts'
import { say } from './many.ts'
import { upToDate } from './status.ts'

export interface CloseFlags {
  readonly reason?: string
  readonly yes?: boolean
}

/** Hosts ask for a second between requests that create something. */
const betweenMs = 1000

/** `drydock fleet close`: closes open pull requests of a campaign, and says why in each. */
export async function closeMany(
  context: CommandContext,
  name: string,
  repositories: readonly string[],
  flags: CloseFlags,
): Promise<number> {
  await using fleet = await openFleet(context)
  const open = meantJobs(await upToDate(context, fleet, name), repositories).filter(isOpen)
  if (open.length === 0) {
    context.stdout.write('No pull request of it is open.\n')
    return exitCodes.refused
  }
  if (!(await mayClose(context, open, flags))) return exitCodes.cancelled
  let left = 0
  for (const [at, one] of open.entries()) {
    context.signal.throwIfAborted()
    if (at > 0) await after(betweenMs)
    try {
      const said = await closed(context, name, one, flags.reason)
      say(context, one, said, said === 'closed')
    } catch (error) {
      // One that may not be closed keeps none of the others from it.
      context.signal.throwIfAborted()
      left += 1
      say(context, one, `not closed: ${toFailure(error).message}`)
    }
  }
  await upToDate(context, fleet, name)
  return left === 0 ? exitCodes.done : exitCodes.notGreen
}

function isOpen({ status, outcome, pullRequest }: JobState): boolean {
  return status === 'ended' && outcome === 'published' && pullRequest !== null
}

/** Throws `bad-usage` where nobody can be asked. */
async function mayClose(
  context: CommandContext,
  open: readonly JobState[],
  { yes = false }: CloseFlags,
): Promise<boolean> {
  if (yes) return true
  if (!context.interactive) throw failures.badUsage('Nobody is there to be asked: say --yes.')
  for (const { job, pullRequest } of open)
    context.stdout.write(`${oneLine(job.repository, 40)}  ${oneLine(pullRequest ?? '', 160)}\n`)
  const what = open.length === 1 ? 'this pull request' : `these ${open.length} pull requests`
  return await atTerminal(context, (ask) => confirms(context, ask, `Close ${what}?`))
}

/** What came of it. Throws `host-refused`, `session-state`, `session-busy`. */
async function closed(
  context: CommandContext,
  campaign: string,
  { session }: JobState,
  reason: string | undefined,
): Promise<string> {
  const view = await heldHere(context, session ?? '')
  // Somebody may have merged or closed it by now; then there is nothing to say there.
  const { state } = await syncSession(context, view)
  if (state !== 'open') return `${state} already`
  const number = view.pullRequest?.number ?? 0
  const host = openHost(context, view)
  await host.close(number).catch((error: unknown) => {
    throw hostError(error, 'It is still open', `\`drydock fleet close ${campaign}\` again`)
  })
  const why = reason ?? 'it is not needed any more'
  const said = await host
    .comment(number, `Closed with the campaign \`${campaign}\` of Drydock: ${why}.`)
    .then(
      () => 'closed',
      (error: unknown) => {
        if (!(error instanceof HostRefusal)) throw error
        return `closed, without a word why: ${troubleReason(error.trouble)}`
      },
    )
  await syncSession(context, view)
  return said
}

/** Throws `session-state` where it ran on another machine. */
export async function heldHere({ sessions }: CommandContext, session: string): Promise<SessionView> {
  const view = await readSession(sessions, session).catch(() => {
    throw failures.sessionElsewhere(session)
  })
  if (view.imported !== undefined) throw failures.sessionElsewhere(session)
  return view
}
