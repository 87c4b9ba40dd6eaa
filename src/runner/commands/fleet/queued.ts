import { randomUUID } from 'node:crypto'
import { failures } from '../../../contract/failures.ts'
import { sessionUsd } from '../../../contract/fleet/spending.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { Settings } from '../../../contract/settings.ts'
import { campaignNow } from '../../../store/campaign.ts'
import type { Connected } from '../../fleet/redis/connection.ts'
import type { Claim, Ledger } from '../../fleet/redis/ledger.ts'
import type { JobQueue } from '../../fleet/redis/queue.ts'
import type { Pace } from '../../gateway/pace.ts'
import type { CommandContext } from '../context.ts'
import type { Fleet } from './place.ts'

/** For what a session does after its time is up. */
const marginMs = 10 * 60_000

/** Campaigns in a Redis that several machines share. */
export interface QueuedFleet extends Fleet {
  readonly kind: 'queue'
  readonly connected: Connected
  readonly where: string
  /** What a restart of the Redis would lose. */
  readonly doubts: readonly string[]
  readonly queue: JobQueue
  readonly ledger: Ledger
  /** Of a campaign's requests to the model, over all workers. */
  readonly pace: (campaign: string, requestsPerMinute: number | undefined) => Pace
}

/** Throws `needs-queue` where none is set, `queue-unreachable` where it does not answer. */
export async function openQueued(context: CommandContext, what: string): Promise<QueuedFleet> {
  const url = context.env.DRYDOCK_REDIS_URL ?? ''
  if (url === '') throw failures.needsQueue(what)
  // Half a megabyte that a machine without a queue never reads.
  const [{ connectRedis }, { openLedger }, { redisCampaigns, redisLog }, { redisPace }, { openQueue }] =
    await Promise.all([
      import('../../fleet/redis/connection.ts'),
      import('../../fleet/redis/ledger.ts'),
      import('../../fleet/redis/log.ts'),
      import('../../fleet/redis/pace.ts'),
      import('../../fleet/redis/queue.ts'),
    ])
  const connected = await connectRedis(url)
  const queue = openQueue(connected)
  const ledger = openLedger(connected.redis)
  const log = (name: string) => redisLog(connected.redis, name, context.now)
  return {
    kind: 'queue',
    ...{ connected, where: connected.where, doubts: connected.doubts, queue, ledger, log },
    pace: (campaign, perMinute) => redisPace(connected.redis, campaign, perMinute),
    names: () => redisCampaigns(connected.redis),
    async setAside(state, one) {
      // A claim of its own: what dies with it counts as spent, and keeps nobody from trying again.
      const id = `${state.campaign.name}.${one.job.key}.${randomUUID()}`
      const claim = { ...claimOf(state, one), id, turn: 1 }
      // Nobody renews it: it holds for as long as a session may take.
      const leaseMs = Settings.parse(state.campaign.settings).wallClockMs + marginMs
      const said = await ledger.admit(claim, capsOf(state), leaseMs)
      if (said.answer !== 'ok')
        throw failures.noMoneyLeft(
          said.answer === 'never'
            ? `What is left of the money for the ${said.of} does not suffice for a session.`
            : 'What runs has the places, the repository or the money that is left.',
        )
      return { settle: (costUsd) => ledger.settle(claim, costUsd) }
    },
    async wake(name) {
      const state = await campaignNow(log(name), name).state()
      await queue.enqueue(state, (key) => ledger.isHeld(`${name}.${key}`))
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]()
      await connected[Symbol.asyncDispose]()
    },
  }
}

export function claimOf({ campaign }: CampaignState, { job, sessions }: JobState, holder?: string): Claim {
  return {
    id: `${campaign.name}.${job.key}`,
    campaign: campaign.name,
    turn: sessions.length + 1,
    ...(holder === undefined ? {} : { holder }),
    organisation: job.organisation ?? '',
    repository: 'path' in job.place ? job.place.path : job.place.url,
    usd: sessionUsd(campaign),
  }
}

export function capsOf({ campaign: { limits } }: CampaignState) {
  const { campaignUsd, dayUsd, organisationUsd, concurrency, perOrganisation } = limits
  return { campaignUsd, dayUsd, organisationUsd, concurrency, perOrganisation }
}
