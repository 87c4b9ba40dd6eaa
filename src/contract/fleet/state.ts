import { z } from 'zod'
import { assertNever, Outcome } from '../events.ts'
import { Failure } from '../failure.ts'
import { failures } from '../failures.ts'
import { SessionId } from '../task.ts'
import { Campaign } from './campaign.ts'
import { type CampaignEvent, Job, JobOutcome, Unreachable } from './events.ts'

const time = z.iso.datetime()

/** One repository of a campaign as it stands. Times are UTC, costs US dollars. */
export const JobState = z.strictObject({
  job: Job,
  status: z.enum(['waiting', 'running', 'ended']),
  /** One of the first, which the others wait for. */
  canary: z.boolean(),
  /** The last of its sessions; null where none was begun. */
  session: SessionId.nullable(),
  /** Every session of it, those whose worker died included, the oldest first. */
  sessions: z.array(SessionId),
  /** How often a worker died or was stopped over it, since a person last had it tried again. */
  returns: z.int().nonnegative(),
  /** How often a person had it tried again. */
  tries: z.int().nonnegative(),
  /** Null while it has none. */
  outcome: JobOutcome.nullable(),
  /** Null where nothing was checked. */
  proven: z.boolean().nullable(),
  reason: z.string().nullable(),
  failure: Failure.nullable(),
  /** Of each of its sessions that ended. */
  spent: z.record(SessionId, z.number().nonnegative()),
  costUsd: z.number().nonnegative(),
  worker: z.string().nullable(),
  pullRequest: z.string().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  /** Why it was not published by itself, where it was to be. */
  refusal: z.string().nullable(),
  /** When its branch was pushed. */
  publishedAt: time.nullable(),
})
export type JobState = z.infer<typeof JobState>

/** What a campaign is, folded from its events; what `--json` prints. */
export const CampaignState = z.strictObject({
  campaign: Campaign,
  /** In the order in which they begin. */
  jobs: z.array(JobState),
  unreachable: z.array(Unreachable),
  paused: z.boolean(),
  cancelled: z.boolean(),
  /** A person let the rest begin. */
  canaryPassed: z.boolean(),
  costUsd: z.number().nonnegative(),
  createdAt: time,
  updatedAt: time,
})
export type CampaignState = z.infer<typeof CampaignState>

/** Folds a campaign's whole log. Throws `bad-log` where it does not begin with `campaign.created`. */
export function campaignState(events: Iterable<CampaignEvent>): CampaignState {
  let state: CampaignState | undefined
  for (const event of events) state = campaignAfter(state, event)
  if (state === undefined) throw failures.badLog('events.jsonl', 1, 'it is empty')
  return state
}

/** The state after one more event; never changes the one it is given. */
export function campaignAfter(state: CampaignState | undefined, event: CampaignEvent): CampaignState {
  if (event.type === 'campaign.created' && state === undefined) return created(event)
  if (state === undefined) throw failures.badLog('events.jsonl', 1, 'it does not begin with campaign.created')
  return { ...state, ...change(state, event), updatedAt: event.time }
}

type EventOf<Type extends CampaignEvent['type']> = Extract<CampaignEvent, { type: Type }>

function created({ campaign, time: at }: EventOf<'campaign.created'>): CampaignState {
  return {
    ...{ campaign, jobs: [], unreachable: [], paused: false, cancelled: false, canaryPassed: false },
    ...{ costUsd: 0, createdAt: at, updatedAt: at },
  }
}

function change(state: CampaignState, event: CampaignEvent): Partial<CampaignState> {
  switch (event.type) {
    case 'campaign.created':
      // Submitted again: limits and gates may be others by now, the task is the same.
      return { campaign: event.campaign, jobs: withCanaries(event.campaign, state.jobs) }
    case 'campaign.planned':
      return planned(state, event)
    case 'campaign.paused':
      return { paused: true }
    case 'campaign.resumed':
      return { paused: false }
    case 'campaign.cancelled':
      return { cancelled: true, jobs: state.jobs.map(cancelledWith(event.time)) }
    case 'canary.passed':
      return { canaryPassed: true }
    case 'job.ended':
    case 'job.returned':
    case 'job.started':
    case 'job.seen':
    case 'job.followed':
    case 'job.refused':
    case 'job.retried':
      return withJob(state, event)
    default:
      return assertNever(event)
  }
}

function planned(state: CampaignState, { jobs, unreachable }: EventOf<'campaign.planned'>) {
  const known = new Set(state.jobs.map(({ job }) => job.key))
  const added = jobs.filter(
    ({ key }, at) => !known.has(key) && jobs.findIndex((one) => one.key === key) === at,
  )
  const all = [...state.jobs, ...added.map(waiting)]
  const sorted = all.toSorted((a, b) => b.job.priority - a.job.priority)
  return { jobs: withCanaries(state.campaign, sorted), unreachable }
}

function waiting(job: Job): JobState {
  return {
    ...{
      job,
      status: 'waiting',
      canary: false,
      session: null,
      sessions: [],
      returns: 0,
      tries: 0,
      outcome: null,
      proven: null,
    },
    ...{ reason: null, failure: null, spent: {}, costUsd: 0, worker: null, pullRequest: null },
    ...{ startedAt: null, endedAt: null, refusal: null, publishedAt: null },
  }
}

function withCanaries({ canary }: Campaign, jobs: readonly JobState[]): JobState[] {
  return jobs.map((one, at) => ({ ...one, canary: at < (canary?.repositories ?? 0) }))
}

/** What was not begun is not begun any more; what runs ends by itself. */
function cancelledWith(at: string): (one: JobState) => JobState {
  return (one) =>
    one.status === 'waiting'
      ? { ...one, status: 'ended', outcome: 'cancelled', reason: 'The campaign was cancelled.', endedAt: at }
      : one
}

/** Whoever lost a job to another worker writes nothing about it any more, but what it spent. */
function ended(one: JobState, event: EventOf<'job.ended'>): JobState {
  const spent = withCost(one, event)
  if (event.turn < one.sessions.length || (one.status === 'ended' && one.outcome !== 'cancelled'))
    return spent
  return {
    ...spent,
    status: 'ended',
    outcome: event.outcome,
    proven: event.proven ?? null,
    reason: event.reason,
    failure: event.failure ?? null,
    endedAt: event.time,
  }
}

function returned(one: JobState, event: EventOf<'job.returned'>, cancelled: boolean): JobState {
  const spent = withCost(one, event)
  if (one.status !== 'running' || event.turn !== one.sessions.length) return spent
  const returns = one.returns + 1
  if (!cancelled) return { ...spent, status: 'waiting', worker: null, returns }
  return { ...spent, status: 'ended', outcome: 'cancelled', reason: event.reason, endedAt: event.time }
}

/**
 * Only a session that has a change to go on with takes the place of the one before: what came to nothing else costs, and
 * the pull request is what it was.
 */
function followed(one: JobState, event: EventOf<'job.followed'>): JobState {
  const spent = { ...withCost(one, event), sessions: [...one.sessions, event.session] }
  if (one.session !== event.of || one.status !== 'ended') return spent
  if (event.outcome !== 'awaiting-review' && event.outcome !== 'published')
    return { ...spent, refusal: event.reason }
  return {
    ...spent,
    session: event.session,
    outcome: event.outcome,
    proven: event.proven ?? null,
    reason: event.reason,
    failure: event.failure ?? null,
    refusal: null,
  }
}

/** Two workers may tell of one session: it is paid once. */
function withCost(
  one: JobState,
  { session, costUsd }: EventOf<'job.ended' | 'job.returned' | 'job.followed'>,
): JobState {
  if (session === undefined) return one
  const spent = { ...one.spent, [session]: costUsd }
  return { ...one, spent, costUsd: Object.values(spent).reduce((sum, cost) => sum + cost, 0) }
}

type JobEvent = EventOf<
  'job.refused' | 'job.followed' | 'job.ended' | 'job.returned' | 'job.started' | 'job.seen' | 'job.retried'
>

function withJob(state: CampaignState, event: JobEvent): Partial<CampaignState> {
  const at = state.jobs.findIndex(({ job }) => job.key === event.key)
  const before = state.jobs[at]
  if (before === undefined) return {}
  const after = jobAfter(before, event, state.cancelled)
  const jobs = state.jobs.with(at, after)
  // Thousands of jobs have tens of thousands of events, most of which cost nothing.
  if (after.costUsd === before.costUsd) return { jobs }
  return { jobs, costUsd: jobs.reduce((sum, { costUsd }) => sum + costUsd, 0) }
}

function jobAfter(one: JobState, event: JobEvent, cancelled: boolean): JobState {
  switch (event.type) {
    case 'job.ended':
      return ended(one, event)
    case 'job.returned':
      return returned(one, event, cancelled)
    case 'job.seen':
      return seen(one, event)
    case 'job.followed':
      return followed(one, event)
    case 'job.refused':
      return event.session === one.session ? { ...one, refusal: event.reason } : one
    case 'job.retried': {
      if (one.status !== 'ended') return one
      const nothing = {
        outcome: null,
        proven: null,
        reason: null,
        failure: null,
        endedAt: null,
        refusal: null,
      }
      return { ...one, ...nothing, status: 'waiting', worker: null, returns: 0, tries: one.tries + 1 }
    }
    case 'job.started':
      if (event.turn <= one.sessions.length || one.status === 'ended') return one
      return {
        ...one,
        status: 'running',
        session: event.session,
        sessions: [...one.sessions, event.session],
        worker: event.worker,
        startedAt: event.time,
      }
    default:
      return assertNever(event)
  }
}

function seen(one: JobState, event: EventOf<'job.seen'>): JobState {
  if (event.session !== one.session) return one
  // Each push is a build for those who receive it.
  const pushed = event.outcome === 'published' && (one.outcome !== 'published' || one.publishedAt === null)
  const publishedAt = pushed ? event.time : one.publishedAt
  const pullRequest = event.pullRequest ?? one.pullRequest
  return { ...one, outcome: event.outcome, pullRequest, publishedAt, refusal: null }
}

/** Outcomes of sessions, as opposed to those of jobs that never had one. */
export function isSessionOutcome(outcome: JobOutcome): outcome is Outcome {
  return Outcome.safeParse(outcome).success
}
