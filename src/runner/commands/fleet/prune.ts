import { failures } from '../../../contract/failures.ts'
import type { CampaignState } from '../../../contract/fleet/state.ts'
import { type Expired, expiredOf } from '../../fleet/store/expire.ts'
import { oneLine } from '../../terminal/text.ts'
import { type CommandContext, printJson } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { openFleet } from './fleet.ts'
import { stateOfCampaign } from './place.ts'
import { requireStore } from './shared.ts'

/** `drydock fleet prune`: what is in the store for longer than it is to be kept; `--yes` removes it there. */
export async function pruneStore(
  context: CommandContext,
  name: string | undefined,
  flags: { readonly yes?: boolean; readonly json?: boolean },
): Promise<number> {
  const store = await requireStore(context)
  await using fleet = await openFleet(context)
  const names = name === undefined ? await fleet.names() : [name]
  const states = await Promise.all(names.map((one) => stateOfCampaign(fleet, one)))
  const days = daysOfEnvironment(context)
  const known = knownOf(states, days)
  // What no campaign here knows goes by the environment's word alone.
  const others = name === undefined ? days : undefined
  if (others === undefined && [...known.values()].every(({ keepDays }) => keepDays === undefined))
    throw failures.noKeepDays(name ?? 'any campaign')
  const expired = await expiredOf({
    store,
    before(session) {
      const of = known.get(session)
      const keepDays = of === undefined ? others : of.keepDays
      return keepDays === undefined ? undefined : daysAgo(context.now(), keepDays)
    },
    isOpen: (session) => known.get(session)?.open === true,
    givenUp: (session) => known.get(session)?.givenUp === true,
  })
  if (flags.yes === true) for (const { names: all } of expired) for (const one of all) await store.delete(one)
  if (flags.json === true) printJson(context, { removed: flags.yes === true, sessions: expired })
  else context.stdout.write(page(expired, store.where, flags.yes === true))
  return exitCodes.done
}

interface Known {
  readonly keepDays: number | undefined
  readonly open: boolean
  readonly givenUp: boolean
}

function knownOf(states: readonly CampaignState[], days: number | undefined): ReadonlyMap<string, Known> {
  const found = new Map<string, Known>()
  for (const { campaign, jobs } of states)
    for (const { sessions, session, status, outcome } of jobs)
      for (const id of sessions) {
        const current = id === session
        const open = current && (status === 'running' || outcome === 'awaiting-review')
        const keepDays = campaign.store?.keepDays ?? days
        found.set(id, { keepDays, open, givenUp: !current || status !== 'running' })
      }
  return found
}

function daysOfEnvironment({ env }: CommandContext): number | undefined {
  const text = env.DRYDOCK_FLEET_KEEP_DAYS ?? ''
  if (text === '') return undefined
  const days = Number(text)
  if (!Number.isInteger(days) || days <= 0)
    throw failures.badUsage(`DRYDOCK_FLEET_KEEP_DAYS is ${oneLine(text, 40)}, and no number of days.`)
  return days
}

function daysAgo(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString()
}

function page(expired: readonly Expired[], where: string, removed: boolean): string {
  if (expired.length === 0) return 'Nothing in the store is older than it is to be kept.\n'
  const lines = expired.map(
    ({ session, outcome, at, bytes }) =>
      `${session}  ${outcome}, last changed ${at.slice(0, 10)}, ${(bytes / 1_000_000).toFixed(1)} MB`,
  )
  const all = expired.length === 1 ? '1 session' : `${expired.length} sessions`
  const end = removed ? `${all} removed from ${where}.` : `Remove ${all} from ${where} with --yes.`
  return `${lines.join('\n')}\n${end}\n`
}
