import { setTimeout as after } from 'node:timers/promises'
import { type Job as BullJob, type ConnectionOptions, DelayedError, Queue, Worker } from 'bullmq'
import { dueJobs } from '../../../contract/fleet/stages.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import type { Connected } from './connection.ts'
import { prefix } from './connection.ts'

/** Job data lies in Redis in clear: names and digests, nothing else. */
export interface Ticket {
  readonly campaign: string
  readonly key: string
}

const queueName = 'jobs'
/** Deaths over one job are counted by the campaign itself, which may allow more than the queue's default of one. */
const maxStalledCount = 1000
const highestPriority = 1001

export interface JobQueue extends AsyncDisposable {
  /** Puts every job that may begin into the queue; one that is there already stays as it is. */
  enqueue(state: CampaignState, isHeld: (key: string) => Promise<boolean>): Promise<void>
  /** Whether nothing is waiting, delayed or at work. */
  isEmpty(): Promise<boolean>
}

export function openQueue(connected: Connected): JobQueue {
  const queue = new Queue<Ticket>(queueName, { connection: options(connected), prefix })
  queue.on('error', () => undefined) // the connection comes back by itself, and commands wait for it
  return {
    async enqueue(state, isHeld) {
      const campaign = state.campaign.name
      const due = [...dueJobs(state), ...(await abandoned(state, isHeld))]
      for (let at = 0; at < due.length; at += 500) {
        const batch = due.slice(at, at + 500).map((one) => ({
          name: 'job',
          data: { campaign, key: one.job.key },
          opts: {
            ...{ jobId: ticketId(campaign, one), priority: highestPriority - one.job.priority },
            ...{ removeOnComplete: true, removeOnFail: true, attempts: 100 },
            backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
          },
        }))
        await queue.addBulk(batch)
      }
    },
    async isEmpty() {
      const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed', 'active')
      return Object.values(counts).every((count) => count === 0)
    },
    [Symbol.asyncDispose]: () => within(partingMs, queue.close()),
  }
}

/** The library's own queue, for a board to look at. */
export function openBoardQueue(connected: Connected): { readonly queue: Queue } & AsyncDisposable {
  const queue = new Queue(queueName, { connection: options(connected), prefix })
  queue.on('error', () => undefined)
  return { queue, [Symbol.asyncDispose]: () => within(partingMs, queue.close()) }
}

/** Jobs whose worker is gone and that no queue knows any more: a Redis that was restarted may have lost a second. */
async function abandoned(
  { jobs }: CampaignState,
  isHeld: (key: string) => Promise<boolean>,
): Promise<readonly JobState[]> {
  const running = jobs.filter(({ status }) => status === 'running')
  const held = await Promise.all(running.map(({ job }) => isHeld(job.key)))
  return running.filter((_, at) => !held[at])
}

/** Another one where the job is begun again: what was done under the old one stays done. */
function ticketId(campaign: string, { job, sessions, returns, tries }: JobState): string {
  return [campaign, job.key, sessions.length, returns, tries].join('.')
}

/** A connection of its own each, as the library asks for: a worker's blocks. */
function options({ url }: Connected): ConnectionOptions {
  // Longer than a worker's own wait for a job, so that only a dead link is cut.
  return {
    url,
    maxRetriesPerRequest: null,
    socketTimeout: 30_000,
    retryStrategy: backOff,
  } as ConnectionOptions
}

function backOff(times: number): number {
  return Math.min(200 * 2 ** Math.min(times, 5), 5000) * (0.5 + Math.random() / 2)
}

/** What became of a ticket; a number: it is looked at again in so many ms. */
export type Handled = 'done' | number

export interface QueueWorker {
  /** Takes no more, and resolves when what runs has ended. */
  drain(): Promise<void>
}

export function startWorker(
  connected: Connected,
  { concurrency, leaseMs }: { readonly concurrency: number; readonly leaseMs: number },
  handle: (ticket: Ticket) => Promise<Handled>,
  /** Resolves when nothing is being handled any more. */
  idle: () => Promise<void>,
): QueueWorker {
  const worker = new Worker<Ticket>(
    queueName,
    async (job: BullJob<Ticket>, token) => {
      const handled = await handle(job.data)
      if (handled === 'done') return
      await job.moveToDelayed(Date.now() + handled, token)
      throw new DelayedError()
    },
    {
      ...{ connection: options(connected), prefix, concurrency, maxStalledCount },
      ...{ lockDuration: leaseMs, stalledInterval: Math.max(1000, Math.round(leaseMs / 3)) },
    },
  )
  worker.on('error', () => undefined)
  return {
    async drain() {
      const closed = worker.close()
      await idle()
      await within(partingMs, closed)
    },
  }
}

/** A connection that is just being made again may never say that it is closed; nothing of ours depends on it. */
const partingMs = 5000

async function within(ms: number, closing: Promise<unknown>): Promise<void> {
  await Promise.race([closing.catch(() => undefined), after(ms, undefined, { ref: false })])
}
