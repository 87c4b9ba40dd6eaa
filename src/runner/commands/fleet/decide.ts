import { failures } from '../../../contract/failures.ts'
import { goesOnByItself } from '../../../contract/fleet/stages.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { failedJob } from '../../../contract/fleet/words.ts'
import { requestCancel } from '../../../store/control.ts'
import { sessionFolder } from '../../../store/home.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { openFleet } from './fleet.ts'
import { settleJob, workerName } from './job.ts'
import { stateOfCampaign } from './place.ts'
import { upToDate } from './status.ts'
import { goOn } from './submit.ts'

/** `drydock fleet pause`. */
export async function pause(context: CommandContext, name: string): Promise<number> {
  await using fleet = await openFleet(context)
  const state = await stateOfCampaign(fleet, name)
  requireOpen(state)
  if (!goesOnByItself(state)) throw failures.nothingLeft(name)
  await fleet.log(name).append({ type: 'campaign.paused' })
  const running = state.jobs.filter(({ status }) => status === 'running').length
  const ends = running === 0 ? '' : ` What runs ends first: ${running}.`
  context.stdout.write(
    `Campaign ${name} begins nothing more.${ends}\nGo on with \`drydock fleet resume ${name}\`.\n`,
  )
  return exitCodes.done
}

/** `drydock fleet resume`: also after its process was ended. */
export async function resume(
  context: CommandContext,
  name: string,
  flags: { readonly pastCanary?: boolean; readonly json?: boolean },
  begun: () => void = () => {},
): Promise<number> {
  await using fleet = await openFleet(context)
  const state = await upToDate(context, fleet, name)
  requireOpen(state)
  const log = fleet.log(name)
  if (state.paused) await log.append({ type: 'campaign.resumed' })
  if (flags.pastCanary === true) await log.append({ type: 'canary.passed' })
  return await goOn(context, fleet, name, flags, begun)
}

/** `drydock fleet cancel`: whoever runs its sessions ends them; those of a dead process are ended here. */
export async function cancel(context: CommandContext, name: string): Promise<number> {
  await using fleet = await openFleet(context)
  const before = await stateOfCampaign(fleet, name)
  requireOpen(before)
  const log = fleet.log(name)
  await log.append({ type: 'campaign.cancelled' })
  const running = before.jobs.filter(({ status }) => status === 'running')
  for (const { session } of running)
    if (session !== null) await requestCancel(sessionFolder(context.sessions, session)).catch(() => false)
  if (fleet.kind === 'here') {
    const hands = { log, campaign: before.campaign, worker: workerName() }
    for (const one of (await stateOfCampaign(fleet, name)).jobs) await settleJob(context, hands, one)
  }
  await fleet.wake(name)
  context.stdout.write(`Campaign ${name} is cancelled; what it published stays.\n`)
  return exitCodes.done
}

/** `drydock fleet retry`: sessions of their own, from the campaign's commit. */
export async function retry(
  context: CommandContext,
  name: string,
  repositories: readonly string[],
  flags: { readonly only?: string; readonly json?: boolean },
  begun: () => void = () => {},
): Promise<number> {
  await using fleet = await openFleet(context)
  const state = await upToDate(context, fleet, name)
  requireOpen(state)
  const meant = meantJobs(state, repositories).filter(
    (one) => failedJob(one) && (flags.only === undefined || one.outcome === flags.only),
  )
  if (meant.length === 0) {
    context.stdout.write('Nothing of it failed that way: there is nothing to begin again.\n')
    return exitCodes.refused
  }
  await fleet.log(name).append(...meant.map(({ job: { key } }) => ({ type: 'job.retried' as const, key })))
  return await goOn(context, fleet, name, flags, begun)
}

/** Those named by repository or key; all where nobody is named. Throws `bad-usage`. */
export function meantJobs(state: CampaignState, repositories: readonly string[]): readonly JobState[] {
  if (repositories.length === 0) return state.jobs
  return repositories.flatMap((wanted) => {
    const found = state.jobs.filter(({ job }) => job.repository === wanted || job.key === wanted)
    if (found.length === 0) throw failures.noSuchJob(state.campaign.name, wanted)
    return found
  })
}

function requireOpen({ campaign, cancelled }: CampaignState): void {
  if (cancelled) throw failures.campaignOver(campaign.name, 'cancelled')
}
