import { Campaign } from '../../src/contract/fleet/campaign.ts'
import type { CampaignEvent, CampaignEventBody, Job, JobOutcome } from '../../src/contract/fleet/events.ts'
import type { SessionPart } from '../../src/contract/fleet/report.ts'
import { type CampaignState, campaignState } from '../../src/contract/fleet/state.ts'

/** Names that would do something in a page, a table or a terminal. */
export const hostileNames = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  'javascript:alert(1)',
  '[click](https://evil.example.com) | x',
  '`a` ``b`` <!-- ',
  'a\u202egnp.exe\u0007\u001b[31m',
  "' onmouseover='alert(1)",
  '&lt;b&gt; &amp;',
] as const

const key = (at: number): string => at.toString(16).padStart(16, '0')
export const sessionOf = (at: number): string => `20260101-0900${String(at).padStart(2, '0')}-abcdef`

/** Nothing else is there, and it is the day after. */
export const around = { others: [], now: new Date('2026-01-02T00:00:00.000Z') }

export interface PlayedCampaign {
  readonly state: CampaignState
  readonly sessions: ReadonlyMap<string, SessionPart>
  readonly events: readonly CampaignEvent[]
}

interface Played {
  readonly repository: string
  readonly outcome: JobOutcome
  readonly costUsd?: number
  readonly proven?: boolean
  readonly reason?: string
  readonly failure?: {
    readonly code: 'install-failed' | 'engine-lost'
    readonly message: string
    readonly next: string
  }
  readonly pullRequest?: string
  readonly part?: SessionPart
}

/** A campaign over the given repositories, all of them ended but the last `running`. */
export function playedCampaign(
  played: readonly Played[],
  more: { readonly running?: number; readonly unreachable?: readonly string[] } = {},
): PlayedCampaign {
  let second = 0
  const events: CampaignEvent[] = []
  const tell = (body: CampaignEventBody): void => {
    second += 47
    const time = new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString()
    events.push({ v: 1, time, ...body })
  }
  const campaign = Campaign.parse({
    name: 'uuid-9',
    update: 'uuid@9',
    repositories: ['repos/*'],
    limits: { campaignUsd: 40 },
    canary: { repositories: 2 },
  })
  tell({ type: 'campaign.created', campaign, runner: 'drydock/0.0.0' })
  const jobs = played.map(
    ({ repository }, at): Job => ({
      ...{ key: key(at), repository, place: { path: repository }, baseCommit: 'a'.repeat(40), priority: 0 },
    }),
  )
  const unreachable = (more.unreachable ?? []).map((place) => ({
    ...{
      place,
      failure: { code: 'not-a-repository' as const, message: `${place} is gone.`, next: 'Look there.' },
    },
  }))
  tell({ type: 'campaign.planned', jobs, unreachable })
  const sessions = new Map<string, SessionPart>()
  for (const [at, one] of played.entries()) {
    const session = sessionOf(at)
    tell({ type: 'job.started', key: key(at), session, worker: 'one', turn: 1 })
    if (at >= played.length - (more.running ?? 0)) continue
    const { outcome, costUsd = 0, proven, reason = 'Waiting for review.', failure, pullRequest } = one
    const told = {
      ...(proven === undefined ? {} : { proven }),
      ...(failure === undefined ? {} : { failure }),
    }
    tell({ type: 'job.ended', key: key(at), session, turn: 1, outcome, reason, costUsd, ...told })
    if (pullRequest !== undefined)
      tell({ type: 'job.seen', key: key(at), session, outcome: 'published', pullRequest })
    if (one.part !== undefined) sessions.set(session, one.part)
  }
  return { state: campaignState(events), sessions, events }
}

const byCodemod: SessionPart = { turns: 0, attempts: 0, codemod: 'covered', updateAlone: false }

/** One campaign with an end of each kind, and hostile names in every place that takes one. */
export function mixedCampaign(): PlayedCampaign {
  const nasty = hostileNames.join(' ')
  const played: readonly Played[] = [
    {
      ...{ repository: 'acme/shop', outcome: 'awaiting-review', costUsd: 0.42, proven: true },
      ...{ pullRequest: 'https://git.example.com/acme/shop/pull/7' },
      part: { turns: 4, attempts: 1, updateAlone: false },
    },
    { repository: 'acme/mail', outcome: 'awaiting-review', proven: true, part: byCodemod },
    { repository: 'acme/site', outcome: 'awaiting-review', proven: false, part: byCodemod },
    {
      ...{ repository: 'acme/api', outcome: 'awaiting-review', costUsd: 0.3, proven: true },
      part: { turns: 2, attempts: 1, codemod: 'partly', updateAlone: false },
    },
    { repository: 'acme/docs', outcome: 'up-to-date', reason: 'Up to date.' },
    {
      ...{ repository: 'acme/clean', outcome: 'awaiting-review', proven: true },
      part: { turns: 0, attempts: 0, updateAlone: true },
    },
    ...hostileNames.map(
      (repository): Played => ({
        ...{ repository, outcome: 'setup-failed', reason: nasty },
        failure: { code: 'install-failed', message: nasty, next: nasty },
      }),
    ),
    { repository: 'acme/red', outcome: 'verification-failed', costUsd: 1.1, reason: 'test fails' },
    { repository: 'acme/odd', outcome: 'awaiting-review', proven: true, pullRequest: 'javascript:alert(1)' },
    { repository: 'acme/last', outcome: 'awaiting-review' },
  ]
  return playedCampaign(played, { running: 1, unreachable: ['gone/place', hostileNames[1]] })
}
