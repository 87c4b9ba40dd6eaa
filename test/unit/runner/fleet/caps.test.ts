import { deepEqual, equal, match } from 'node:assert/strict'
import type { JobState } from '../../../../src/contract/fleet/state.ts'
import { affordable, untilDrop } from '../../../../src/runner/fleet/caps.ts'
import { estimateOf } from '../../../../src/runner/fleet/estimate.ts'
import { campaignOf, jobStates } from '../../../support/campaigns.ts'

const now = new Date('2026-01-02T12:00:00.000Z')

function asked(
  limits: object,
  changes: readonly Partial<JobState>[],
  others: readonly Partial<JobState>[] = [],
) {
  const state = { ...campaignOf({ limits, settings: { budgetUsd: 2 } }), jobs: jobStates(changes) }
  const other = { ...campaignOf({}), jobs: jobStates(others) }
  const wanted = state.jobs[0]
  if (wanted === undefined) throw new Error('no job')
  return affordable(state, wanted, [other], now)
}

const spent = (costUsd: number, endedAt = '2026-01-02T08:00:00.000Z') =>
  ({ status: 'ended', outcome: 'vetoed', costUsd, endedAt }) as const
const running = { status: 'running' } as const

describe('caps in dollars', () => {
  it('set a whole session aside before it begins', () => {
    equal(asked({ campaignUsd: 4 }, [{}, spent(2)]), 'yes')
    const no = asked({ campaignUsd: 4 }, [{}, spent(2.01)])
    match(typeof no === 'object' ? no.why : '', /\$2\.01 of \$4\.00 for the campaign are spent.*\$2\.00/)
  })

  it('wait for sessions that may leave enough of theirs', () => {
    equal(asked({ campaignUsd: 4 }, [{}, running]), 'yes')
    equal(asked({ campaignUsd: 4 }, [{}, running, running]), 'wait')
    equal(asked({ campaignUsd: 4 }, [{}, running, spent(1)]), 'wait')
  })

  it('count a day over all campaigns, and no other day', () => {
    equal(asked({ dayUsd: 4 }, [{}, spent(3, '2026-01-01T23:59:59.000Z')]), 'yes')
    equal(typeof asked({ dayUsd: 4 }, [{}], [spent(3)]), 'object')
    equal(asked({ dayUsd: 4 }, [{}], [running, running]), 'wait')
  })

  it('count an organisation by itself', () => {
    const acme = { organisation: 'acme' }
    const [first, second, third] = jobStates([{}, {}, {}])
    if (!first || !second || !third) throw new Error('no jobs')
    const jobs: JobState[] = [
      { ...first, job: { ...first.job, ...acme } },
      { ...second, ...spent(3), job: { ...second.job, ...acme } },
      { ...third, ...spent(9) },
    ]
    const of = (organisationUsd: number) => {
      const state = { ...campaignOf({ limits: { organisationUsd }, settings: { budgetUsd: 2 } }), jobs }
      return affordable(state, jobs[0] ?? first, [], now)
    }
    equal(of(5), 'yes')
    equal(typeof of(4.9), 'object')
  })
})

describe('a drop of pull requests', () => {
  it('comes as often as was asked for', () => {
    equal(untilDrop([], 12, now), 0)
    equal(untilDrop(['2026-01-02T11:58:00.000Z'], 12, now), 180_000)
    equal(untilDrop(['2026-01-02T11:58:00.000Z', '2026-01-02T11:30:00.000Z'], 30, now), 0)
  })
})

describe('an estimate', () => {
  const past = (changes: object) =>
    ({
      outcome: 'awaiting-review',
      rerunOf: null,
      imported: false,
      kind: 'dependency-update',
      package: 'uuid',
      costUsd: 1,
      workMs: 1000,
      ...changes,
    }) as never

  it('rests on sessions of the same package, and says on how many', () => {
    const facts = [
      past({}),
      past({ costUsd: 3 }),
      past({ package: 'zod', costUsd: 50 }),
      past({ outcome: 'setup-failed', costUsd: 0 }),
    ]
    deepEqual(estimateOf(facts, 'uuid', 10, 5), {
      from: 2,
      of: 'uuid',
      usd: 20,
      atMostUsd: 50,
      workMs: 10_000,
    })
  })

  it('rests on others where there is none, and on nothing where there is nothing', () => {
    deepEqual(estimateOf([past({ package: 'zod' })], 'uuid', 2, 5), {
      from: 1,
      usd: 2,
      atMostUsd: 10,
      workMs: 2000,
    })
    deepEqual(estimateOf([], 'uuid', 2, 5), { from: 0, atMostUsd: 10 })
  })
})
