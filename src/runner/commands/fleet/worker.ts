import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { failures } from '../../../contract/failures.ts'
import { sessionUsd } from '../../../contract/fleet/spending.ts'
import { dueJobs } from '../../../contract/fleet/stages.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { type CampaignLog, type CampaignNow, campaignNow } from '../../../store/campaign.ts'
import type { Claim } from '../../fleet/redis/ledger.ts'
import type { Handled, Ticket } from '../../fleet/redis/queue.ts'
import { withoutMoney } from '../../fleet/runHere.ts'
import { jobLine } from '../../terminal/fleet.ts'
import type { CommandContext } from '../context.ts'
import { exitCodes } from '../exitCode.ts'
import { takeDecisions } from './decided.ts'
import { type Drip, openDrip } from './drip.ts'
import { runJob, settleJob, workerName } from './job.ts'
import { capsOf, claimOf, openQueued, type QueuedFleet } from './queued.ts'
import { openShipping, type Shipping } from './shared.ts'

export interface WorkerFlags {
  readonly concurrency?: number
  readonly leaseSeconds?: number
  /** Ends when no campaign has anything left that could go on by itself. */
  readonly untilDone?: boolean
}

/** One campaign as this worker knows it. */
interface Known {
  readonly log: CampaignLog
  readonly now: CampaignNow
  readonly drip: Drip
}

interface Working {
  readonly context: CommandContext
  readonly fleet: QueuedFleet
  readonly worker: string
  readonly leaseMs: number
  readonly known: Map<string, Known>
  /** Claims of what runs here, and how to end it. */
  readonly running: Map<string, { readonly claim: Claim; readonly abort: AbortController }>
  /** Runs a job's session; the bench has none. */
  readonly run: typeof runJob
}

/** GitHub takes 500 requests an hour that create something, and a pull request is up to five: over all campaigns. */
const betweenPullRequestsMs = 36_000

/** `drydock fleet worker`: takes jobs from the queue until it is told to end; then what runs ends first. */
export async function worker(context: CommandContext, flags: WorkerFlags, run = runJob): Promise<number> {
  await using fleet = await openQueued(context, 'A worker')
  const { startWorker } = await import('../../fleet/redis/queue.ts')
  const leaseMs = (flags.leaseSeconds ?? 60) * 1000
  const concurrency = Math.max(1, Math.floor(flags.concurrency ?? 1))
  const working: Working = {
    ...{ context, fleet, worker: workerName(), leaseMs },
    ...{ known: new Map(), running: new Map(), run },
  }
  const say = (text: string): void => void context.stdout.write(text)
  say(`Worker ${working.worker} takes jobs from ${fleet.where}, ${concurrency} at once.\n`)
  for (const doubt of fleet.doubts) say(`${context.colors.yellow('!')} ${doubt}\n`)
  const taking = startWorker(
    fleet.connected,
    { concurrency, leaseMs },
    (ticket) => handle(working, ticket),
    async () => {
      while (working.running.size > 0) await after(200)
    },
  )
  const claims = keepClaims(working)
  // Who is told to end ships what runs until that has ended.
  const shipping = shipAlong(working, await openShipping(withoutCtrlC(context), say))
  try {
    // A queue that is away keeps nobody from ending.
    await Promise.race([tend(working, flags.untilDone === true), aborted(context.signal)])
  } finally {
    if (working.running.size > 0) say('Takes no more jobs; what runs ends first.\n')
    await taking.drain()
    claims.stop()
    await shipping.end()
  }
  return exitCodes.done
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** How often what is new is shipped, and what other machines decided is looked for. */
const shipEveryMs = 5000
/** What ended last is shipped before the worker is gone, in this time or by the next one. */
const partingMs = 20_000

/** Ships the logs of this machine's sessions while they grow, beside all else: no session waits for the store. */
function shipAlong(working: Working, shipping: Shipping | undefined): { end(): Promise<void> } {
  if (shipping === undefined) return { end: async () => {} }
  const { context, known } = working
  const over = new AbortController()
  const once = async (look: boolean): Promise<void> => {
    const states = await Promise.all([...known.values()].map(({ now }) => now.state()))
    await shipping.ship(states, look)
    const say = (text: string): void => void context.stdout.write(text)
    // A store that does not answer is said where something is shipped.
    const taken = await takeDecisions(withoutCtrlC(context), shipping.store, say).catch(() => [])
    if (taken.length > 0) for (const { drip } of known.values()) drip.again()
  }
  const loop = async (): Promise<void> => {
    for (let first = true; !over.signal.aborted; ) {
      // Campaigns are known once the queue was looked at.
      if (known.size > 0) {
        await once(first).catch(() => undefined)
        first = false
      }
      await after(shipEveryMs, undefined, { signal: over.signal }).catch(() => undefined)
    }
    await once(false).catch(() => undefined)
  }
  const ended = loop()
  return {
    async end() {
      over.abort()
      await Promise.race([ended, after(partingMs, undefined, { ref: false })])
    },
  }
}

/** Between jobs: lets what is due be begun, ends what was cancelled, opens pull requests whose turn it is. */
async function tend(working: Working, untilDone: boolean): Promise<void> {
  const { context, fleet } = working
  while (!context.signal.aborted) {
    const open = await lookAtAll(working)
    if (untilDone && !open && working.running.size === 0 && (await fleet.queue.isEmpty())) return
    await after(Math.min(5000, working.leaseMs / 4), undefined, { signal: context.signal }).catch(
      () => undefined,
    )
  }
}

/** Renews the claims of what runs here. Where that does not succeed for a whole lease, others may have taken over. */
function keepClaims(working: Working): { stop(): void } {
  const { running, leaseMs } = working
  let renewedAt = Date.now()
  const look = async (): Promise<void> => {
    await renew(working).then(
      () => {
        renewedAt = Date.now()
      },
      () => undefined, // the queue is away: that is what the clock is for
    )
    if (Date.now() - renewedAt < leaseMs) return
    for (const { abort } of running.values()) abort.abort(failures.cancelled())
  }
  const timer = setInterval(() => void look(), leaseMs / 4)
  return { stop: () => clearInterval(timer) }
}

async function renew({ fleet, running, leaseMs }: Working): Promise<void> {
  const claims = [...running.values()].map(({ claim }) => claim)
  const answered = fleet.ledger.renew(claims, leaseMs)
  // A connection that is down holds commands back until it is up: that is no answer.
  const late = after(leaseMs / 4, undefined, { ref: false }).then(() => {
    throw failures.queueUnreachable(fleet.where, 'no answer')
  })
  for (const id of await Promise.race([answered, late])) running.get(id)?.abort.abort(failures.cancelled())
}

/** Whether anything of any campaign may still go on by itself. */
async function lookAtAll(working: Working): Promise<boolean> {
  const { fleet } = working
  let open = false
  const isEmpty = await fleet.queue.isEmpty()
  for (const name of await fleet.names()) {
    const { now, drip } = knownOf(working, name)
    const state = await now.state()
    if (state.cancelled) cancelHere(working, name)
    const waits = await drip.next(state)
    if (waits !== undefined || dueJobs(state).length > 0 || state.jobs.some(isRunning)) open = true
    if (isEmpty) await fleet.queue.enqueue(state, (key) => fleet.ledger.isHeld(`${name}.${key}`))
  }
  return open
}

const isRunning = ({ status }: JobState): boolean => status === 'running'

function cancelHere({ running }: Working, campaign: string): void {
  for (const { claim, abort } of running.values())
    if (claim.campaign === campaign) abort.abort(failures.cancelled())
}

function knownOf(working: Working, name: string): Known {
  const found = working.known.get(name)
  if (found !== undefined) return found
  const { context, fleet } = working
  const log = fleet.log(name)
  const refused = ({ job }: JobState, why: string): void =>
    void context.stdout.write(`${job.repository}  not published: ${why}\n`)
  const mayDrop = async (_state: CampaignState, intervalMs: number): Promise<number> => {
    const wait = await fleet.ledger.turn('pull-requests', betweenPullRequestsMs)
    return wait > 0 ? wait : await fleet.ledger.turn(`drip:${name}`, intervalMs)
  }
  const known = { log, now: campaignNow(log, name), drip: openDrip(context, log, refused, mayDrop) }
  working.known.set(name, known)
  return known
}

/** One job, from its ticket to its end. */
async function handle(working: Working, { campaign: name, key }: Ticket): Promise<Handled> {
  const { context, fleet, worker, leaseMs } = working
  const { log, now } = knownOf(working, name)
  const id = `${name}.${key}`
  let one = (await now.state()).jobs.find(({ job }) => job.key === key)
  if (one === undefined || one.status === 'ended') return 'done'
  if (isRunning(one)) {
    if (await fleet.ledger.isHeld(id)) return jittered(leaseMs / 4)
    const { campaign } = await now.state()
    const turn = one.sessions.length
    await settleJob(withoutCtrlC(context), { log, campaign, worker }, one)
    one = (await now.state()).jobs.find(({ job }) => job.key === key)
    await fleet.ledger.settle({ id, turn }, one?.spent[one.session ?? ''] ?? sessionUsd(campaign))
  }
  const state = await now.state()
  if (one === undefined || !dueJobs(state).some(({ job }) => job.key === key)) return 'done'
  if (context.signal.aborted) return jittered(1000)
  const claim = claimOf(state, one, worker)
  const admission = await fleet.ledger.admit(claim, capsOf(state), leaseMs)
  if (admission.answer === 'taken') return 'done'
  if (admission.answer === 'wait') return jittered(2000)
  if (admission.answer === 'never') {
    const why = `What is left of the money for the ${admission.of} does not suffice for a session.`
    await log.append(withoutMoney(one, why))
  } else await claimed(working, state, one, claim)
  // The last canary opens the gate for the others.
  if (one.canary) await fleet.wake(name)
  return 'done'
}

async function claimed(working: Working, state: CampaignState, one: JobState, claim: Claim): Promise<void> {
  const { context, fleet, worker, running } = working
  const { log, now } = knownOf(working, claim.campaign)
  const abort = new AbortController()
  running.set(claim.id, { claim, abort })
  const pace = fleet.pace(claim.campaign, state.campaign.limits.modelRequestsPerMinute)
  const stoppable = { ...context, signal: abort.signal, pace }
  try {
    const cancelled = async () => (await now.state()).cancelled
    await working.run(stoppable, { log, campaign: state.campaign, worker, cancelled }, one)
  } finally {
    running.delete(claim.id)
    const after = (await now.state()).jobs.find(({ job }) => job.key === one.job.key)
    await fleet.ledger.settle(claim, after?.spent[after.sessions[claim.turn - 1] ?? ''] ?? 0)
    if (after !== undefined) context.stdout.write(`${jobLine(after, context.colors)}\n`)
  }
}

function withoutCtrlC(context: CommandContext): CommandContext {
  return { ...context, signal: new AbortController().signal }
}

/** Never in step with other workers. */
function jittered(ms: number): number {
  return Math.round(ms * (0.75 + Math.random() / 2))
}
