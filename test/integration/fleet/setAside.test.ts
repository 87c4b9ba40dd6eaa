import { deepEqual, rejects } from 'node:assert/strict'
import { openFleet } from '../../../src/runner/commands/fleet/fleet.ts'
import { stateOfCampaign } from '../../../src/runner/commands/fleet/place.ts'
import { openQueued } from '../../../src/runner/commands/fleet/queued.ts'
import { campaignFile, campaignJob } from '../../support/campaigns.ts'
import { commandContext } from '../../support/commandContext.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { startRedis } from '../../support/redis.ts'

const limits = { campaignUsd: 11, concurrency: 5 }

/** A campaign of three repositories whose sessions may cost 5 dollars each, and 11 in all. */
async function planned(env: NodeJS.ProcessEnv, home: string, spentUsd: number) {
  const { context } = commandContext(home, env)
  const fleet = await openFleet(context)
  const jobs = [campaignJob(1), campaignJob(2), campaignJob(3)]
  const session = '20260102-030405-abc123'
  const key = jobs[0]?.key ?? ''
  const end = { outcome: 'awaiting-review', reason: '', costUsd: spentUsd } as const
  await fleet.log('uuid').append(
    {
      type: 'campaign.created',
      campaign: campaignFile({ limits, settings: { budgetUsd: 5 } }),
      runner: 'test',
    },
    { type: 'campaign.planned', jobs, unreachable: [] },
    { type: 'job.started', key, session, worker: 'w', turn: 1 },
    { type: 'job.ended', key, session, turn: 1, ...end },
  )
  const state = await stateOfCampaign(fleet, 'uuid')
  const setAside = (at: number) => {
    const one = state.jobs[at]
    if (one === undefined) throw new Error('no such job')
    return fleet.setAside(state, one)
  }
  return { context, fleet, setAside }
}

describe('money for a session besides the jobs', () => {
  it('is there within the caps of a campaign on this machine', async () => {
    await using folder = await temporaryFolder()
    const { setAside } = await planned({}, folder.path, 6)
    await (await setAside(0)).settle(1)
    await using other = await temporaryFolder()
    const poor = await planned({}, other.path, 6.5)
    await rejects(poor.setAside(0), /budget-exceeded: \$6\.50 of \$11\.00 for the campaign are spent/)
  })

  it('is taken from all workers of a queue, and what was not needed comes back', async () => {
    await using folder = await temporaryFolder()
    await using redis = await startRedis()
    const { context, fleet, setAside } = await planned({ DRYDOCK_REDIS_URL: redis.url }, folder.path, 0)
    await using queued = await openQueued(context, 'A test')
    const first = await setAside(0)
    // Nobody else may be at work in the same repository.
    await rejects(setAside(0), /budget-exceeded: /)
    const second = await setAside(1)
    deepEqual(await queued.ledger.standing('uuid'), { spentUsd: 0, heldUsd: 10 })
    await rejects(setAside(2), /budget-exceeded: /)
    await first.settle(0.5)
    await second.settle(0)
    deepEqual(await queued.ledger.standing('uuid'), { spentUsd: 0.5, heldUsd: 0 })
    await (await setAside(0)).settle(5)
    await setAside(2)
    await rejects(setAside(1), /budget-exceeded: /)
    await fleet[Symbol.asyncDispose]()
  })
})
