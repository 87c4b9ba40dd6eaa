import { toFailure } from '../../../contract/failure.ts'
import type { JobKey } from '../../../contract/fleet/events.ts'
import type { CampaignState, JobState } from '../../../contract/fleet/state.ts'
import { againstApproval } from '../../../contract/toPublish.ts'
import type { CampaignLog } from '../../../store/campaign.ts'
import { readSession } from '../../../store/session.ts'
import { untilDrop } from '../../fleet/caps.ts'
import type { CommandContext } from '../context.ts'
import { publishSession } from '../publish.ts'

export interface Drip {
  /** Opens the pull request whose turn it is; ms until it may be another's, undefined where none waits for its turn. */
  next(state: CampaignState): Promise<number | undefined>
  /** Looks again at sessions that were not ready: a person has decided on them since. */
  again(): void
}

/**
 * Publishes what needs no person's word, one at a time, as slowly as the campaign asks. What the host refused is named
 * once and waits for a person.
 */
export function openDrip(
  context: CommandContext,
  log: CampaignLog,
  onRefused: (job: JobState, why: string) => void,
  mayDrop = untilDropHere(context),
): Drip {
  const notReady = new Set<JobKey>()
  const waiting = ({ jobs, cancelled, paused }: CampaignState): readonly JobState[] =>
    cancelled || paused
      ? []
      : jobs.filter(
          ({ job, outcome, proven, refusal }) =>
            outcome === 'awaiting-review' && proven === true && refusal === null && !notReady.has(job.key),
        )
  return {
    async next(state) {
      const { publish } = state.campaign
      if (publish?.proven !== true) return undefined
      const [first] = waiting(state)
      if (first === undefined) return undefined
      if (!(await isReady(context, first))) {
        notReady.add(first.job.key)
        return 0
      }
      const wait = await mayDrop(state, 3_600_000 / publish.perHour)
      if (wait > 0) return wait
      const why = await publishOne(context, log, first)
      if (why !== undefined) onRefused(first, why)
      return 0
    },
    again: () => notReady.clear(),
  }
}

/** By what the campaign's log says; of one machine alone. */
export function untilDropHere({ now }: CommandContext) {
  return async ({ jobs }: CampaignState, intervalMs: number): Promise<number> => {
    const published = jobs.flatMap(({ publishedAt }) => publishedAt ?? [])
    return untilDrop(published, 3_600_000 / intervalMs, now())
  }
}

/** It is here, and nothing of it waits for a person's word: none is needed, or it was given. */
export async function isReady({ sessions }: CommandContext, { session }: JobState): Promise<boolean> {
  const view = session === null ? undefined : await readSession(sessions, session).catch(() => undefined)
  return view !== undefined && view.imported === undefined && againstApproval(view).length === 0
}

/** Undefined where it is published, else why not. */
export async function publishOne(
  context: CommandContext,
  log: CampaignLog,
  { job, session }: JobState,
): Promise<string | undefined> {
  try {
    const options = { acknowledge: [], withoutJudge: false, unverified: false, quiet: true }
    const { id, outcome, pullRequest } = await publishSession(context, session ?? '', options)
    const url = pullRequest?.url
    await log.append({
      ...{ type: 'job.seen', key: job.key, session: id, outcome: outcome ?? 'published' },
      ...(url === undefined ? {} : { pullRequest: url }),
    })
    return undefined
  } catch (error) {
    context.signal.throwIfAborted()
    const { code, message } = toFailure(error)
    // Somebody else is at it.
    if (code === 'session-busy') return undefined
    await log.append({ type: 'job.refused', key: job.key, session: session ?? '', reason: message })
    return message
  }
}
