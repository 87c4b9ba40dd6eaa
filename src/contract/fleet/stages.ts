import type { CanaryGate } from './campaign.ts'
import type { JobOutcome } from './events.ts'
import type { CampaignState, JobState } from './state.ts'

export type CampaignStage = 'canary' | 'rest' | 'follow-up' | 'ended'

/** Where a campaign stands, and what it waits for where it does not go on by itself. */
export interface Standing {
  readonly stage: CampaignStage
  /** A sentence; undefined where jobs may begin or nothing is left. */
  readonly waitsFor?: string
}

const approved: ReadonlySet<JobOutcome> = new Set(['published', 'merged', 'up-to-date'])
const merged: ReadonlySet<JobOutcome> = new Set(['merged', 'up-to-date'])

/** Whether a job came as far as a gate asks: verified is what tests proved, not what merely waits. */
export function reached(gate: CanaryGate, { outcome, proven }: JobState): boolean {
  if (outcome === null) return false
  if (gate === 'verified' && outcome === 'awaiting-review') return proven === true
  return (gate === 'merged' ? merged : approved).has(outcome)
}

export function standingOf(state: CampaignState): Standing {
  const { jobs, campaign, paused, cancelled } = state
  const running = jobs.filter(({ status }) => status === 'running').length
  const stage = stageOf(state)
  if (cancelled)
    return running === 0 ? { stage: 'ended' } : { stage, waitsFor: `the end of ${sessions(running)}` }
  if (paused && stage !== 'follow-up' && stage !== 'ended')
    return { stage, waitsFor: `\`drydock fleet resume ${campaign.name}\`` }
  if (stage === 'canary' && heldByCanaries(state)) return { stage, waitsFor: whatCanariesLack(state) }
  return { stage }
}

/** Whether anything of it would be begun, or published without a person. */
export function goesOnByItself(state: CampaignState): boolean {
  const { jobs, campaign, cancelled } = state
  if (cancelled) return false
  if (jobs.some(({ status }) => status !== 'ended')) return true
  return campaign.publish?.proven === true && jobs.some(({ outcome }) => outcome === 'awaiting-review')
}

const titles: Record<CampaignStage, string> = {
  canary: 'canary',
  rest: 'rest',
  'follow-up': 'every session has ended, and something waits for a person',
  ended: 'ended',
}

/** Where a campaign stands, in words; `short` for a row. */
export function standingWords(state: CampaignState): {
  readonly short: string
  readonly long: string
  readonly waitsFor: string | undefined
} {
  const { stage, waitsFor } = standingOf(state)
  if (state.cancelled) return { short: 'cancelled', long: 'cancelled', waitsFor }
  if (state.paused) return { short: 'paused', long: `paused in ${titles[stage]}`, waitsFor }
  return { short: stage, long: titles[stage], waitsFor }
}

function stageOf(state: CampaignState): CampaignStage {
  const { jobs, canaryPassed, campaign } = state
  const gate = campaign.canary?.until ?? 'verified'
  const canaries = jobs.filter(({ canary }) => canary)
  const others = jobs.length > canaries.length
  const passed = canaryPassed || canaries.every((one) => reached(gate, one))
  if (jobs.some(({ status }) => status !== 'ended')) return others && passed ? 'rest' : stageOfRest(canaries)
  return jobs.some(({ outcome }) => outcome === 'awaiting-review' || outcome === 'published')
    ? 'follow-up'
    : 'ended'
}

function stageOfRest(canaries: readonly JobState[]): CampaignStage {
  return canaries.length === 0 ? 'rest' : 'canary'
}

/** Whether the first repositories have ended, and did not come as far as the others wait for. */
export function heldByCanaries(state: CampaignState): boolean {
  const canaries = state.jobs.filter(({ canary }) => canary)
  return !state.cancelled && stageOf(state) === 'canary' && canaries.every(({ status }) => status === 'ended')
}

function whatCanariesLack({ jobs, campaign }: CampaignState): string {
  const canaries = jobs.filter(({ canary }) => canary)
  const gate = campaign.canary?.until ?? 'verified'
  const there = canaries.filter((one) => reached(gate, one)).length
  return `its canaries, of which ${there} of ${canaries.length} came as far as ${gate}; look at them, or \`drydock fleet resume ${campaign.name} --past-canary\``
}

/** Jobs that may begin now, in their order; how many at once is another's business. */
export function dueJobs(state: CampaignState): readonly JobState[] {
  const { stage, waitsFor } = standingOf(state)
  if (waitsFor !== undefined || stage === 'ended' || stage === 'follow-up') return []
  return state.jobs.filter(({ status, canary }) => status === 'waiting' && (stage === 'rest' || canary))
}

function sessions(count: number): string {
  return count === 1 ? 'one session' : `${count} sessions`
}
