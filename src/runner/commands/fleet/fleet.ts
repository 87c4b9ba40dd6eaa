import { failures } from '../../../contract/failures.ts'
import { campaignsHome, listCampaigns, openCampaignLog } from '../../../store/campaign.ts'
import { affordable } from '../../fleet/caps.ts'
import type { CommandContext } from '../context.ts'
import { type Fleet, otherCampaigns } from './place.ts'

const moneyHeld = 'What runs may still need what is left of the money.'

export async function openFleet(context: CommandContext): Promise<Fleet> {
  const { env } = context
  if ((env.DRYDOCK_REDIS_URL ?? '') === '') return openHere(context)
  return (await import('./queued.ts')).openQueued(context, 'A campaign of several machines')
}

function openHere({ sessions, now }: CommandContext): Fleet {
  const home = campaignsHome(sessions)
  const log = (name: string) => openCampaignLog(home, name, now)
  const names = () => listCampaigns(home)
  return {
    ...{ kind: 'here', log, names },
    async setAside(state, one) {
      const others = await otherCampaigns({ log, names }, state.campaign.name)
      const may = affordable(state, one, others, now())
      if (may === 'wait') throw failures.noMoneyLeft(moneyHeld)
      if (may !== 'yes') throw failures.noMoneyLeft(may.why)
      // One process, one session after another: the log has its cost before the next one begins.
      return { settle: async () => {} }
    },
    wake: async () => {},
    [Symbol.asyncDispose]: async () => {},
  }
}
