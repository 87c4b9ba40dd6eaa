import type { CampaignEventBody } from '../src/contract/fleet/events.ts'
import { openQueued } from '../src/runner/commands/fleet/queued.ts'
import { worker } from '../src/runner/commands/fleet/worker.ts'
import { campaignFile, campaignJob } from '../test/support/campaigns.ts'
import { commandContext } from '../test/support/commandContext.ts'
import { temporaryFolder } from '../test/support/madeRepository.ts'
import { startRedis } from '../test/support/redis.ts'
import type { BenchRow } from './row.ts'

const jobs = 10_000
const mb = 1024 * 1024

/** What the queue adds to a session: 10,000 jobs that do nothing, through one worker and a real Redis. */
export async function fleetRows(): Promise<readonly BenchRow[]> {
  await using folder = await temporaryFolder()
  await using redis = await startRedis()
  const { context } = commandContext(folder.path, { ...process.env, DRYDOCK_REDIS_URL: redis.url })
  await using fleet = await openQueued(context, 'A bench')
  const log = fleet.log('uuid')
  const campaign = campaignFile({ limits: { concurrency: 8, campaignUsd: 1_000_000 } })
  await log.append({ type: 'campaign.created', campaign, runner: 'bench' })
  const planned = Array.from({ length: jobs }, (_, at) => campaignJob(at))
  await log.append({ type: 'campaign.planned', jobs: planned, unreachable: [] })
  const began = performance.now()
  await fleet.wake('uuid')
  const queued = performance.now() - began
  const heaps: number[] = []
  let done = 0
  const start = performance.now()
  await worker(context, { concurrency: 8, untilDone: true }, async (_context, { log, worker }, { job }) => {
    const session = '20260102-030405-abc123'
    const ended = { outcome: 'up-to-date', reason: '', costUsd: 0.001, session, turn: 1 } as const
    const events: readonly CampaignEventBody[] = [
      { type: 'job.started', key: job.key, session, worker, turn: 1 },
      { type: 'job.ended', key: job.key, ...ended },
    ]
    for (const event of events) await log.append(event)
    done += 1
    if (done % 1000 === 0) heaps.push(heapMb())
  })
  const each = (performance.now() - start) / jobs
  if (done !== jobs) throw new Error(`${done} of ${jobs} jobs ran`)
  const grown = (heaps.at(-1) ?? 0) - (heaps[1] ?? 0)
  return [
    row('queue: 10,000 jobs put in', queued / 1000, 's', 'none', true),
    row('queue: overhead of a job, one worker, eight at once', each, 'ms', '≤ 10', each <= 10),
    row('queue: heap after 10,000 jobs, beyond that after 2,000', grown, 'MB', '≤ 20', grown <= 20),
  ]
}

function row(what: string, value: number, unit: string, goal: string, ok: boolean): BenchRow {
  return { what, value, unit, goal, ok }
}

function heapMb(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / mb
}
