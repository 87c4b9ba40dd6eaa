import { setTimeout as after } from 'node:timers/promises'
import { failures } from '../../contract/failures.ts'
import type { CampaignEventBody, JobKey } from '../../contract/fleet/events.ts'
import { dueJobs } from '../../contract/fleet/stages.ts'
import type { CampaignState, JobState } from '../../contract/fleet/state.ts'
import type { CampaignLog, CampaignNow } from '../../store/campaign.ts'
import type { Affordable } from './caps.ts'

export interface Hands {
  readonly log: CampaignLog
  readonly now: CampaignNow
  /** Runs one job to its end and writes its events; throws only what is not the job's own trouble. */
  readonly run: (state: CampaignState, job: JobState, signal: AbortSignal) => Promise<void>
  readonly affordable: (state: CampaignState, job: JobState) => Promise<Affordable>
  /** Opens the pull request whose turn it is, if any; ms until it may be another's turn, undefined where none waits. */
  readonly publishNext: (state: CampaignState) => Promise<number | undefined>
  /** Begins nothing more, and lets what runs end. */
  readonly draining: AbortSignal
  readonly onState?: (state: CampaignState) => void
  /** How often the log is looked at for what others wrote, ms. */
  readonly pollMs?: number
}

interface Taken {
  readonly cancel: AbortController
  readonly ended: Promise<void>
}

/** Runs a campaign on this machine until nothing of it can go on by itself. */
export async function runHere(hands: Hands): Promise<CampaignState> {
  const { now, draining, pollMs = 1000 } = hands
  const taken = new Map<JobKey, Taken>()
  try {
    for (;;) {
      const state = await now.state()
      hands.onState?.(state)
      if (state.cancelled) for (const { cancel } of taken.values()) cancel.abort(failures.cancelled())
      if (!draining.aborted) await beginDue(hands, state, taken)
      const untilNext = draining.aborted ? undefined : await hands.publishNext(state)
      if (taken.size === 0 && (draining.aborted || !(await goesOn(now, untilNext)))) break
      const look = after(Math.min(pollMs, untilNext ?? pollMs), undefined, { ref: true })
      await Promise.race([look, ...[...taken.values()].map(({ ended }) => ended)])
    }
  } finally {
    // Whatever broke here, nobody leaves sessions behind that no one waits for.
    await Promise.allSettled([...taken.values()].map(({ ended }) => ended))
  }
  return now.state()
}

async function goesOn(now: CampaignNow, untilNext: number | undefined): Promise<boolean> {
  return untilNext !== undefined || dueJobs(await now.state()).length > 0
}

async function beginDue(hands: Hands, state: CampaignState, taken: Map<JobKey, Taken>): Promise<void> {
  for (const due of dueJobs(state)) {
    const { key } = due.job
    if (taken.has(key)) continue
    if (taken.size >= state.campaign.limits.concurrency) return
    const may = await hands.affordable(withRunning(state, taken), due)
    if (may === 'wait') return
    if (may !== 'yes') {
      await hands.log.append(withoutMoney(due, may.why))
      continue
    }
    const cancel = new AbortController()
    const ended = hands.run(state, due, cancel.signal).finally(() => taken.delete(key))
    // Who waits for it is told below; until then it is nobody's unhandled rejection.
    ended.catch(() => undefined)
    taken.set(key, { cancel, ended })
  }
}

/** What was begun and has not said so in the log yet. */
function withRunning(state: CampaignState, taken: ReadonlyMap<JobKey, Taken>): CampaignState {
  const jobs = state.jobs.map(
    (one): JobState => (taken.has(one.job.key) ? { ...one, status: 'running' } : one),
  )
  return { ...state, jobs }
}

export function withoutMoney({ job, sessions }: JobState, reason: string): CampaignEventBody {
  return { type: 'job.ended', key: job.key, turn: sessions.length, outcome: 'no-money', reason, costUsd: 0 }
}
