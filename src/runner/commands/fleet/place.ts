import { toFailure } from '../../../contract/failure.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { type CampaignLog, campaignNow } from '../../../store/campaign.ts'

/** Where campaigns are kept: on this machine, or in a queue that several machines share. */
export interface Fleet extends AsyncDisposable {
  /** `here`: whoever submits runs it, too. `queue`: workers do. */
  readonly kind: 'here' | 'queue'
  readonly log: (name: string) => CampaignLog
  readonly names: () => Promise<readonly string[]>
  /** A whole session's budget for one of its repositories, besides its jobs. Throws `budget-exceeded`, `session-state`. */
  readonly setAside: (state: CampaignState, one: JobState) => Promise<SetAside>
  /** Lets what is due be begun, wherever that is. */
  readonly wake: (name: string) => Promise<void>
}

/** Gives back what was not needed of it. */
export interface SetAside {
  settle(costUsd: number): Promise<void>
}

/** Throws `no-such-campaign`. */
export function stateOfCampaign(fleet: Fleet, name: string): Promise<CampaignState> {
  return campaignNow(fleet.log(name), name).state()
}

/** Every campaign but the one named; one that cannot be read is left out here, and named by `fleet status`. */
export async function otherCampaigns(
  { log, names }: Pick<Fleet, 'log' | 'names'>,
  name: string,
): Promise<readonly CampaignState[]> {
  const found: CampaignState[] = []
  for (const other of await names()) {
    if (other === name) continue
    try {
      found.push(await campaignNow(log(other), other).state())
    } catch (error) {
      if (!['bad-log', 'no-such-campaign'].includes(toFailure(error).code)) throw error
    }
  }
  return found
}
