import { deepEqual, equal } from 'node:assert/strict'
import type { CampaignEventBody } from '../../../../src/contract/fleet/events.ts'
import type { CampaignState, JobState } from '../../../../src/contract/fleet/state.ts'
import { affordable } from '../../../../src/runner/fleet/caps.ts'
import { type Hands, runHere } from '../../../../src/runner/fleet/runHere.ts'
import { type CampaignLog, campaignNow, openCampaignLog } from '../../../../src/store/campaign.ts'
import { campaignFile, campaignJob } from '../../../support/campaigns.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'

const session = (at: number) => `20260102-030405-aaaa${String(at).padStart(2, '0')}`
const at = (one: JobState) => Number.parseInt(one.job.key, 16)

interface Played {
  readonly limits?: object
  readonly canary?: object
  readonly jobs?: number
  readonly costUsd?: number
  readonly outcomes?: Readonly<Record<number, 'verification-failed' | 'setup-failed'>>
  /** Runs in the middle of a job. */
  readonly during?: (log: CampaignLog, at: number, hands: { drain(): void }) => Promise<void>
}

async function played({ jobs = 3, costUsd = 1, outcomes = {}, during, ...file }: Played) {
  await using folder = await temporaryFolder()
  const log = openCampaignLog(folder.path, 'uuid', () => new Date())
  const campaign = campaignFile({ settings: { budgetUsd: 2 }, ...file })
  await log.append({ type: 'campaign.created', campaign, runner: 'test' })
  const planned = Array.from({ length: jobs }, (_, index) => campaignJob(index))
  await log.append({ type: 'campaign.planned', jobs: planned, unreachable: [] })
  const ran: number[] = []
  const drain = new AbortController()
  let [running, most] = [0, 0]
  const run: Hands['run'] = async (_state, one, signal) => {
    const { key } = one.job
    running += 1
    most = Math.max(most, running)
    ran.push(at(one))
    await log.append({ type: 'job.started', key, session: session(at(one)), worker: 'w', turn: 1 })
    await during?.(log, at(one), { drain: () => drain.abort() })
    await new Promise(setImmediate)
    running -= 1
    const outcome = signal.aborted ? 'cancelled' : (outcomes[at(one)] ?? 'awaiting-review')
    const end = {
      type: 'job.ended',
      key,
      session: session(at(one)),
      turn: 1,
      outcome,
      reason: '',
      costUsd,
    } as const
    await log.append({ ...end, proven: true } satisfies CampaignEventBody)
  }
  const state: CampaignState = await runHere({
    ...{
      log,
      now: campaignNow(log, 'uuid'),
      run,
      draining: drain.signal,
      pollMs: 5,
      publishNext: async () => undefined,
    },
    affordable: async (state, one) => affordable(state, one, [], new Date()),
  })
  return { ran, most, outcomes: state.jobs.map(({ outcome }) => outcome), costUsd: state.costUsd, log, state }
}

describe('a campaign on one machine', () => {
  it('runs every repository once, in order, as many at once as it may', async () => {
    const one = await played({ jobs: 5 })
    deepEqual([one.ran, one.most], [[0, 1, 2, 3, 4], 1])
    equal((await played({ jobs: 6, limits: { concurrency: 3 } })).most, 3)
  })

  it('goes on after one that fails', async () => {
    const { outcomes } = await played({ outcomes: { 1: 'setup-failed' } })
    deepEqual(outcomes, ['awaiting-review', 'setup-failed', 'awaiting-review'])
  })

  it('spends no more than its cap, whatever is running, and names what had no money', async () => {
    for (const concurrency of [1, 4]) {
      const end = await played({ jobs: 8, costUsd: 2, limits: { campaignUsd: 7, concurrency } })
      equal(end.costUsd, 6)
      deepEqual(end.outcomes.slice(3), Array(5).fill('no-money'))
    }
    const cheap = await played({ jobs: 6, costUsd: 0.5, limits: { campaignUsd: 4, concurrency: 4 } })
    deepEqual(new Set(cheap.outcomes), new Set(['awaiting-review', 'no-money']))
    equal(cheap.costUsd, 2.5)
  })

  it('begins nothing more once it is paused, and ends', async () => {
    const during = (log: CampaignLog, at: number) =>
      at === 1 ? log.append({ type: 'campaign.paused' }) : Promise.resolve()
    const { ran, state } = await played({ during })
    deepEqual(ran, [0, 1])
    equal(state.jobs[2]?.status, 'waiting')
  })

  it('cancels what runs, and begins nothing more', async () => {
    const during = async (log: CampaignLog, at: number) => {
      if (at !== 1) return
      await log.append({ type: 'campaign.cancelled' })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { ran, outcomes } = await played({ during })
    deepEqual(
      [ran, outcomes],
      [
        [0, 1],
        ['awaiting-review', 'cancelled', 'cancelled'],
      ],
    )
  })

  it('lets what runs end where it is drained', async () => {
    const { ran, outcomes } = await played({ during: async (_log, _at, { drain }) => drain() })
    deepEqual([ran, outcomes], [[0], ['awaiting-review', null, null]])
  })

  it('stops at canaries that failed', async () => {
    const canary = { repositories: 2 }
    const held = await played({ jobs: 4, canary, outcomes: { 0: 'verification-failed' } })
    deepEqual(held.ran, [0, 1])
    deepEqual((await played({ jobs: 4, canary })).ran, [0, 1, 2, 3])
  })
})
