import { toFailure } from '../../../contract/failure.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { isProven } from '../../../contract/proof.ts'
import type { SessionView } from '../../../contract/sessionView.ts'
import { runSession } from '../../session.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { followUpOf } from '../followUp.ts'
import { heldHere } from './close.ts'
import { meantJobs } from './decide.ts'
import { isReady, untilDropHere } from './drip.ts'
import { openFleet } from './fleet.ts'
import { inTurn, perHourByDefault, say } from './many.ts'
import { type Fleet, stateOfCampaign } from './place.ts'
import { upToDate } from './status.ts'

/**
 * `drydock fleet rebase`: changes whose base has moved are made again on what it is by now, one after another, each in a
 * session of its own that is checked and judged as any other. What needs no further word is pushed, as slowly as pull
 * requests are.
 */
export async function rebaseMany(
  context: CommandContext,
  name: string,
  repositories: readonly string[],
  flags: { readonly perHour?: number },
): Promise<number> {
  await using fleet = await openFleet(context)
  const meant = meantJobs(await upToDate(context, fleet, name), repositories).filter(hasChange)
  if (meant.length === 0) {
    context.stdout.write('Nothing of it waits for review or is published.\n')
    return exitCodes.refused
  }
  let left = 0
  for (const one of meant) {
    context.signal.throwIfAborted()
    try {
      if (!(await rebased(context, fleet, name, one, flags.perHour))) left += 1
    } catch (error) {
      // One that cannot be looked at keeps none of the others from it.
      context.signal.throwIfAborted()
      const { code, message } = toFailure(error)
      const current = code === 'nothing-to-follow'
      if (!current) left += 1
      say(context, one, current ? 'its base has not moved' : `not rebased: ${message}`, current)
    }
  }
  return left === 0 ? exitCodes.done : exitCodes.notGreen
}

function hasChange({ status, outcome }: JobState): boolean {
  return status === 'ended' && (outcome === 'published' || outcome === 'awaiting-review')
}

/** Whether it stands on the base of now, as far as it was to be pushed. Throws `nothing-to-follow` and whatever keeps it from that. */
async function rebased(
  context: CommandContext,
  fleet: Fleet,
  name: string,
  one: JobState,
  perHour: number | undefined,
): Promise<boolean> {
  const before = await heldHere(context, one.session ?? '')
  const { task, chain, conflicts } = await followUpOf(context, before.id, {})
  const state = await stateOfCampaign(fleet, name)
  const money = await fleet.setAside(state, one)
  let costUsd = 0
  try {
    if (conflicts.length > 0) say(context, one, `changed on both sides: ${conflicts.slice(0, 5).join(', ')}`)
    say(context, one, `made again on ${task.repository.baseCommit.slice(0, 12)} by ${task.id}`)
    const view = await runSession(context, task, () => {}, chain)
    costUsd = view.costUsd
    await fleet.log(name).append(followedBy(one, before.id, view))
  } finally {
    await money.settle(costUsd)
  }
  return await pushed(context, fleet, { state, one, published: before.outcome === 'published', perHour })
}

function followedBy({ job }: JobState, of: string, view: SessionView) {
  return {
    ...({ type: 'job.followed', key: job.key, session: view.id, of, costUsd: view.costUsd } as const),
    outcome: view.outcome ?? 'interrupted',
    ...(view.matrix === null ? {} : { proven: isProven(view.matrix) }),
    reason: view.reason ?? '',
    ...(view.failure === null ? {} : { failure: view.failure }),
  }
}

interface Pushing {
  readonly state: CampaignState
  readonly one: JobState
  /** There is a pull request, which the new change goes to. */
  readonly published: boolean
  readonly perHour: number | undefined
}

/** What was never pushed waits for a person, as before. */
async function pushed(
  context: CommandContext,
  fleet: Fleet,
  { state: { campaign }, one, published, perHour }: Pushing,
): Promise<boolean> {
  const find = async () =>
    (await stateOfCampaign(fleet, campaign.name)).jobs.find(({ job }) => job.key === one.job.key)
  const now = await find()
  if (now === undefined || now.session === one.session || now.outcome !== 'awaiting-review') {
    say(context, one, `not rebased: ${now?.refusal ?? now?.reason ?? ''}`)
    return false
  }
  const where = `drydock show ${now.session}`
  if (!published || !(await isReady(context, now))) {
    say(
      context,
      one,
      published ? `not pushed: it needs a look of its own, \`${where}\`` : `waits for review: ${where}`,
      !published,
    )
    return !published
  }
  const intervalMs = 3_600_000 / (perHour ?? campaign.publish?.perHour ?? perHourByDefault)
  const untilDrop = untilDropHere(context)
  const why = await inTurn(context, fleet.log(campaign.name), now, async () =>
    untilDrop(await stateOfCampaign(fleet, campaign.name), intervalMs),
  )
  say(context, one, why ?? 'rebased and pushed', why === undefined)
  return why === undefined
}
