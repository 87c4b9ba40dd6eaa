import { deepEqual, equal, match, throws } from 'node:assert/strict'
import { Campaign } from '../../../../src/contract/fleet/campaign.ts'

import { type CampaignEventBody, type Job, readCampaignEvent } from '../../../../src/contract/fleet/events.ts'
import { dueJobs, reached, standingOf } from '../../../../src/contract/fleet/stages.ts'
import { campaignState } from '../../../../src/contract/fleet/state.ts'

const time = '2026-01-02T03:04:05.000Z'
const session = (at: number) => `20260102-030405-aaaa0${at}`

function job(at: number, more: Partial<Job> = {}): Job {
  return {
    key: String(at).repeat(16),
    repository: `acme/app-${at}`,
    place: { path: `/repos/app-${at}` },
    baseCommit: 'a'.repeat(40),
    priority: 0,
    ...more,
  }
}

function stateAfter(more: readonly CampaignEventBody[], file: object = {}, jobs = [job(1), job(2), job(3)]) {
  const campaign = Campaign.parse({ name: 'uuid', update: 'uuid@9', repositories: ['a'], ...file })
  const first: readonly CampaignEventBody[] = [
    { type: 'campaign.created', campaign, runner: 'test' },
    { type: 'campaign.planned', jobs: [...jobs], unreachable: [] },
  ]
  return campaignState([...first, ...more].map((body) => ({ v: 1 as const, time, ...body })))
}

const started = (at: number, turn = 1): CampaignEventBody => ({
  ...{ type: 'job.started', key: job(at).key, session: session(turn), worker: 'one', turn },
})
const ended = (
  at: number,
  outcome: 'awaiting-review' | 'verification-failed',
  turn = 1,
): CampaignEventBody => ({
  ...{
    type: 'job.ended',
    key: job(at).key,
    session: session(turn),
    turn,
    outcome,
    reason: 'so',
    costUsd: 0.5,
  },
  ...(outcome === 'awaiting-review' ? { proven: true } : {}),
})
const due = (state: ReturnType<typeof stateAfter>) =>
  dueJobs(state).map(({ job: { repository } }) => repository)

describe('the state of a campaign', () => {
  it('gives every repository once, the higher priority first', () => {
    const state = stateAfter([{ type: 'campaign.planned', jobs: [job(2), job(4)], unreachable: [] }], {}, [
      job(1),
      job(1),
      job(3, { priority: 5 }),
      job(2),
    ])
    deepEqual(due(state), ['acme/app-3', 'acme/app-1', 'acme/app-2', 'acme/app-4'])
  })

  it('counts what a worker spent that had lost its job, and takes nothing else of it', () => {
    const state = stateAfter([started(1), started(1, 2), ended(1, 'verification-failed', 1)])
    equal(state.jobs[0]?.status, 'running')
    equal(state.jobs[0]?.session, session(2))
    equal(state.costUsd, 0.5)
    const after = stateAfter([
      ...[started(1), started(1, 2), ended(1, 'awaiting-review', 2)],
      ended(1, 'verification-failed', 1),
    ])
    equal(after.jobs[0]?.outcome, 'awaiting-review')
    equal(after.jobs[0]?.costUsd, 1)
  })

  it('does not begin twice what ended, until a person has it tried again', () => {
    const over = [started(1), ended(1, 'verification-failed'), started(1, 2)]
    equal(stateAfter(over).jobs[0]?.status, 'ended')
    const again = stateAfter([...over, { type: 'job.retried', key: job(1).key }])
    deepEqual(due(again), ['acme/app-1', 'acme/app-2', 'acme/app-3'])
    equal(again.jobs[0]?.outcome, null)
  })

  it('goes on with a session that took the place of one whose base moved, and pays for one that did not', () => {
    const pullRequest = 'https://git.example.com/acme/app-1/pull/7'
    const seen: CampaignEventBody = {
      ...{ type: 'job.seen', key: job(1).key, session: session(1), outcome: 'published', pullRequest },
    }
    const followed = (at: number, of: number, outcome: 'awaiting-review' | 'vetoed'): CampaignEventBody => ({
      ...{ type: 'job.followed', key: job(1).key, session: session(at), of: session(of) },
      ...{ outcome, proven: true, reason: 'so', costUsd: 0.25 },
    })
    const before = [started(1), ended(1, 'awaiting-review'), seen]
    const [taken] = stateAfter([...before, followed(2, 1, 'awaiting-review')]).jobs
    deepEqual(
      [taken?.session, taken?.outcome, taken?.costUsd, taken?.pullRequest],
      [session(2), 'awaiting-review', 0.75, pullRequest],
    )
    const [not] = stateAfter([...before, followed(2, 1, 'vetoed')]).jobs
    deepEqual([not?.session, not?.outcome, not?.refusal], [session(1), 'published', 'so'])
    deepEqual([not?.costUsd, not?.sessions.length], [0.75, 2])
    // Somebody else was quicker: it costs, and changes nothing else.
    const [late] = stateAfter([
      ...before,
      followed(2, 1, 'awaiting-review'),
      followed(3, 1, 'awaiting-review'),
    ]).jobs
    deepEqual([late?.session, late?.costUsd], [session(2), 1])
  })

  it('ends what was not begun where it is cancelled, and lets what runs end', () => {
    const state = stateAfter([started(1), { type: 'campaign.cancelled' }])
    deepEqual(
      state.jobs.map(({ status }) => status),
      ['running', 'ended', 'ended'],
    )
    match(standingOf(state).waitsFor ?? '', /one session/)
    deepEqual(due(state), [])
  })

  it('begins with an event that makes it', () => {
    throws(() => campaignState([{ v: 1, time, type: 'campaign.paused' }]), /bad-log/)
  })

  it('reads no event that has more or less than its schema', () => {
    const stamp = { v: 1, time }
    equal(readCampaignEvent({ ...stamp, type: 'campaign.paused' })?.type, 'campaign.paused')
    equal(readCampaignEvent({ ...stamp, type: 'campaign.paused', more: 1 }), undefined)
    equal(readCampaignEvent({ ...stamp, type: 'campaign.flies' }), undefined)
    equal(readCampaignEvent({ type: 'campaign.paused' }), undefined)
  })
})

describe('the stages of a campaign', () => {
  const canary = { canary: { repositories: 1 } }

  it('let the rest begin when every canary came as far as the gate asks', () => {
    deepEqual(due(stateAfter([], canary)), ['acme/app-1'])
    const verified = [started(1), ended(1, 'awaiting-review')]
    deepEqual(due(stateAfter(verified, canary)), ['acme/app-2', 'acme/app-3'])
    const gated = { canary: { repositories: 1, until: 'approved' } }
    const held = stateAfter(verified, gated)
    deepEqual(due(held), [])
    match(standingOf(held).waitsFor ?? '', /0 of 1 came as far as approved/)
    const seen = { type: 'job.seen', key: job(1).key, session: session(1), outcome: 'published' } as const
    deepEqual(due(stateAfter([...verified, seen], gated)), ['acme/app-2', 'acme/app-3'])
  })

  it('hold where a canary failed, until a person lets the rest begin', () => {
    const failed = [started(1), ended(1, 'verification-failed')]
    const held = stateAfter(failed, canary)
    deepEqual(due(held), [])
    match(standingOf(held).waitsFor ?? '', /--past-canary/)
    deepEqual(due(stateAfter([...failed, { type: 'canary.passed' }], canary)), ['acme/app-2', 'acme/app-3'])
  })

  it('take a session that only waits for no proof', () => {
    const one = stateAfter([
      started(1),
      { ...ended(1, 'awaiting-review'), proven: false } as CampaignEventBody,
    ]).jobs[0]
    equal(one !== undefined && reached('verified', one), false)
  })

  it('begin nothing while they are paused, and say how it goes on', () => {
    const paused = stateAfter([{ type: 'campaign.paused' }])
    deepEqual(due(paused), [])
    match(standingOf(paused).waitsFor ?? '', /fleet resume uuid/)
    equal(due(stateAfter([{ type: 'campaign.paused' }, { type: 'campaign.resumed' }])).length, 3)
  })

  it('end with what a person still has to do', () => {
    const all = [1, 2, 3].flatMap((at) => [started(at), ended(at, 'verification-failed')])
    equal(standingOf(stateAfter(all)).stage, 'ended')
    const waits = [...all.slice(0, 4), started(3), ended(3, 'awaiting-review')]
    equal(standingOf(stateAfter(waits)).stage, 'follow-up')
  })
})
