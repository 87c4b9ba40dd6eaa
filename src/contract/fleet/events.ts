import { z } from 'zod'
import { Outcome } from '../events.ts'
import { Failure } from '../failure.ts'
import { CommitId } from '../patch.ts'
import { SessionId } from '../task.ts'
import { Campaign } from './campaign.ts'

/** Digest of repository, base commit and task: the same work has the same key. */
export const JobKey = z.string().regex(/^[0-9a-f]{16}$/)
export type JobKey = z.infer<typeof JobKey>

/** One repository of a campaign. */
export const Job = z.strictObject({
  key: JobKey,
  /** As a person calls it: `owner/name`, or a folder's name. */
  repository: z.string().min(1),
  place: z.union([z.strictObject({ path: z.string().min(1) }), z.strictObject({ url: z.string().min(1) })]),
  baseCommit: CommitId,
  folder: z.string().optional(),
  manifest: z.string().optional(),
  organisation: z.string().optional(),
  priority: z.int().nonnegative(),
})
export type Job = z.infer<typeof Job>

/** How a job ended: as its session did, or without one. */
export const JobOutcome = z.enum([
  ...Outcome.options,
  /** No session could be begun: the repository is gone, locked, or not what the campaign says. */
  'not-started',
  /** What is left of the campaign's money does not suffice for a session. */
  'no-money',
  /** Its workers died more often than the campaign allows. */
  'gave-up',
])
export type JobOutcome = z.infer<typeof JobOutcome>

/** A place of a campaign file that gave no repository, and why. */
export const Unreachable = z.strictObject({ place: z.string(), failure: Failure })
export type Unreachable = z.infer<typeof Unreachable>

const key = { key: JobKey }
const by = { by: z.string().optional() }

/** What happens to a campaign. Several processes append; the order is the log's. */
export const CampaignEventBody = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('campaign.created'), campaign: Campaign, runner: z.string() }),
  z.strictObject({
    type: z.literal('campaign.planned'),
    jobs: z.array(Job),
    unreachable: z.array(Unreachable),
  }),
  z.strictObject({ type: z.literal('campaign.paused'), ...by }),
  z.strictObject({ type: z.literal('campaign.resumed'), ...by }),
  z.strictObject({ type: z.literal('campaign.cancelled'), ...by }),
  /** A person lets the rest begin, whatever the canaries came to. */
  z.strictObject({ type: z.literal('canary.passed'), ...by }),
  z.strictObject({
    type: z.literal('job.started'),
    ...key,
    session: SessionId,
    worker: z.string(),
    /** Counts the sessions of this job, from 1. Who writes with a lower number has lost it. */
    turn: z.int().positive(),
  }),
  z.strictObject({
    type: z.literal('job.ended'),
    ...key,
    session: SessionId.optional(),
    turn: z.int().nonnegative(),
    outcome: JobOutcome,
    /** Tests prove it: the session waits for a person's word alone. Missing where nothing was checked. */
    proven: z.boolean().optional(),
    reason: z.string(),
    failure: Failure.optional(),
    costUsd: z.number().nonnegative(),
  }),
  /** Its worker died or was stopped: it is to be begun again. What was spent until then counts. */
  z.strictObject({
    type: z.literal('job.returned'),
    ...key,
    session: SessionId,
    turn: z.int().positive(),
    reason: z.string(),
    costUsd: z.number().nonnegative(),
  }),
  /** What became of a job's session later: published, merged, rejected. */
  z.strictObject({
    type: z.literal('job.seen'),
    ...key,
    session: SessionId,
    outcome: Outcome,
    pullRequest: z.string().optional(),
  }),
  /** Its change was made again on what base and branch are by now: its session is another one. */
  z.strictObject({
    type: z.literal('job.followed'),
    ...key,
    session: SessionId,
    of: SessionId,
    outcome: Outcome,
    proven: z.boolean().optional(),
    reason: z.string(),
    failure: Failure.optional(),
    costUsd: z.number().nonnegative(),
  }),
  /** Its session was to be published by itself, and was not: it waits for a person. */
  z.strictObject({ type: z.literal('job.refused'), ...key, session: SessionId, reason: z.string() }),
  z.strictObject({ type: z.literal('job.retried'), ...key, ...by }),
])
export type CampaignEventBody = z.infer<typeof CampaignEventBody>

export type CampaignEvent = CampaignEventBody & { readonly v: 1; readonly time: string }

/** An event as it stands in a log; undefined where it is none. */
export function readCampaignEvent(value: unknown): CampaignEvent | undefined {
  const stamp = z.looseObject({ v: z.literal(1), time: z.iso.datetime() }).safeParse(value)
  if (!stamp.success) return undefined
  const { v, time, ...rest } = stamp.data
  const body = CampaignEventBody.safeParse(rest)
  return body.success ? { v, time, ...body.data } : undefined
}
