import { setTimeout as after } from 'node:timers/promises'
import { isElsewhere } from '../../../contract/elsewhere.ts'
import type { JobState } from '../../../contract/fleet/state.ts'
import type { CampaignLog } from '../../../store/campaign.ts'
import { readSession } from '../../../store/session.ts'
import { duration, oneLine } from '../../terminal/text.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { rejectSession } from '../reject.ts'
import { meantJobs } from './decide.ts'
import { isReady, publishOne, untilDropHere } from './drip.ts'
import { openFleet } from './fleet.ts'
import { stateOfCampaign } from './place.ts'
import { upToDate } from './status.ts'

export const perHourByDefault = 12

/** `drydock fleet publish`: one pull request after another, no faster than the campaign asks. */
export async function publishMany(
  context: CommandContext,
  name: string,
  repositories: readonly string[],
  flags: { readonly perHour?: number },
): Promise<number> {
  await using fleet = await openFleet(context)
  const state = await upToDate(context, fleet, name)
  const waiting = meantJobs(state, repositories).filter(waits)
  if (waiting.length === 0) return nothingWaits(context)
  const log = fleet.log(name)
  const intervalMs = 3_600_000 / (flags.perHour ?? state.campaign.publish?.perHour ?? perHourByDefault)
  const untilDrop = untilDropHere(context)
  let left = 0
  for (const one of waiting) {
    const why = (await isReady(context, one))
      ? await inTurn(context, log, one, async () => untilDrop(await stateOfCampaign(fleet, name), intervalMs))
      : await needsALook(context, one)
    if (why !== undefined) left += 1
    say(context, one, why ?? 'published', why === undefined)
  }
  return left === 0 ? exitCodes.done : exitCodes.notGreen
}

/** Undefined where it was published, else why not. */
export async function inTurn(
  context: CommandContext,
  log: CampaignLog,
  one: JobState,
  untilDrop: () => Promise<number>,
): Promise<string | undefined> {
  for (let wait = await untilDrop(); wait > 0; wait = await untilDrop()) {
    say(context, one, `in ${duration(wait)}; Ctrl-C leaves it waiting`)
    await after(wait, undefined, { signal: context.signal }).catch(() => context.signal.throwIfAborted())
  }
  const why = await publishOne(context, log, one)
  return why === undefined ? undefined : `not published: ${why}`
}

async function needsALook({ sessions }: CommandContext, { session }: JobState): Promise<string> {
  const here = await readSession(sessions, session ?? '').catch(() => undefined)
  return here === undefined || here.imported !== undefined
    ? 'not published: it ran on another machine'
    : `not published: it needs a look of its own, \`drydock show ${session}\``
}

/** `drydock fleet reject`: only what is named. */
export async function rejectMany(
  context: CommandContext,
  name: string,
  repositories: readonly string[],
  flags: { readonly reason?: string },
): Promise<number> {
  await using fleet = await openFleet(context)
  const waiting = meantJobs(await upToDate(context, fleet, name), repositories).filter(waits)
  if (waiting.length === 0) return nothingWaits(context)
  for (const one of waiting) {
    if (one.session === null) continue
    const view = await rejectSession(context, one.session, flags.reason ?? '')
    say(context, one, isElsewhere(view) ? 'your word is on its way to its machine' : 'rejected')
  }
  await upToDate(context, fleet, name)
  return exitCodes.done
}

const waits = ({ status, outcome }: JobState): boolean => status === 'ended' && outcome === 'awaiting-review'

function nothingWaits({ stdout }: CommandContext): number {
  stdout.write('Nothing of it waits for review.\n')
  return exitCodes.refused
}

/** What came of one repository; `good` where it is what was asked for. */
export function say({ stdout, colors }: CommandContext, { job }: JobState, text: string, good = false): void {
  const shown = oneLine(text, 240)
  stdout.write(`${oneLine(job.repository, 40)}  ${good ? colors.green(shown) : shown}\n`)
}
