import { toFailure } from '../../../contract/failure.ts'
import { campaignTask } from '../../../contract/fleet/campaign.ts'
import { standingOf } from '../../../contract/fleet/stages.ts'
import type { CampaignState } from '../../../contract/fleet/state.ts'
import { money } from '../../../contract/money.ts'
import { campaignNow } from '../../../store/campaign.ts'
import { campaignPage, counted } from '../../terminal/fleet.ts'
import { table } from '../../terminal/tables.ts'
import { oneLine } from '../../terminal/text.ts'
import { widthOf } from '../../terminal/wrap.ts'
import { type CommandContext, printJson } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { takeDecisions } from './decided.ts'
import { openFleet } from './fleet.ts'
import { noticed } from './noticed.ts'
import { type Fleet, stateOfCampaign } from './place.ts'
import { openShipping } from './shared.ts'

/** `drydock fleet status`: one campaign with its repositories, or all of them in a line each. */
export async function status(
  context: CommandContext,
  name: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<number> {
  await using fleet = await openFleet(context)
  if (name === undefined) return await all(context, fleet, json)
  const state = await upToDate(context, fleet, name)
  if (json) printJson(context, { ...state, standing: standingOf(state) })
  else context.stdout.write(campaignPage(state, context.colors, widthOf(context.stdout)))
  return exitCodes.done
}

/**
 * The state, with what became of the sessions of this machine since, and what people on other machines decided of them. A
 * store that does not answer is said, and no more.
 */
export async function upToDate(context: CommandContext, fleet: Fleet, name: string): Promise<CampaignState> {
  const state = await stateOfCampaign(fleet, name)
  await exchange(context, state)
  const more = await noticed(context, state)
  if (more.length === 0) return state
  await fleet.log(name).append(...more)
  await fleet.wake(name)
  return await stateOfCampaign(fleet, name)
}

async function exchange(context: CommandContext, state: CampaignState): Promise<void> {
  const say = (text: string): void => void context.stderr.write(text)
  const shipping = await openShipping(context, say)
  if (shipping === undefined) return
  await takeDecisions(context, shipping.store, say).catch((error: unknown) => {
    context.signal.throwIfAborted()
    say(`Decisions of other machines are not known: ${oneLine(toFailure(error).message, 200)}\n`)
  })
  await shipping.ship([state])
}

async function all(context: CommandContext, fleet: Fleet, json: boolean): Promise<number> {
  const states: CampaignState[] = []
  for (const name of await fleet.names()) {
    const found = await campaignNow(fleet.log(name), name).find()
    if (found !== undefined) states.push(found)
  }
  if (json) {
    printJson(
      context,
      states.map((state) => ({ ...state, standing: standingOf(state) })),
    )
    return exitCodes.done
  }
  const rows = states.map((state) => [
    state.campaign.name,
    state.cancelled ? 'cancelled' : state.paused ? 'paused' : standingOf(state).stage,
    oneLine(campaignTask(state.campaign), 44),
    money(state.costUsd),
    counted(state),
  ])
  const none = 'No campaign yet. Begin one with `drydock fleet submit FILE`.'
  const shown =
    rows.length === 0
      ? none
      : table(
          ['campaign', 'stage', 'task', 'cost', 'repositories'],
          rows,
          context.colors,
          widthOf(context.stdout),
        )
  context.stdout.write(`${shown}\n`)
  return exitCodes.done
}
