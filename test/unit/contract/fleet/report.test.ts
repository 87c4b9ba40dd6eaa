import assert from 'node:assert/strict'
import { campaignReport } from '../../../../src/contract/fleet/report.ts'
import { around, mixedCampaign, playedCampaign, sessionOf } from '../../../support/campaign.ts'

describe('a campaign report', () => {
  const { state, sessions } = mixedCampaign()
  const report = campaignReport(state, sessions, around)

  it('counts every repository once, and calls nothing good that no test proves', () => {
    assert.equal(report.repositories, state.jobs.length)
    assert.equal(report.ended, state.jobs.length - 1)
    assert.equal(
      report.outcomes.reduce((sum, { count }) => sum + count, 0),
      report.repositories,
    )
    const tones = new Map(report.rows.map(({ repository, tone }) => [repository, tone]))
    assert.deepEqual(
      ['acme/mail', 'acme/site', 'acme/red', 'acme/last'].map((name) => tones.get(name)),
      ['good', 'warn', 'bad', 'busy'],
    )
  })

  it('says who made each change, and what it does not know', () => {
    const means = new Map(report.rows.map(({ repository, means }) => [repository, means]))
    assert.deepEqual(
      ['acme/shop', 'acme/mail', 'acme/api', 'acme/clean', 'acme/docs', 'acme/last'].map((name) =>
        means.get(name),
      ),
      ['agent', 'codemod', 'codemod and agent', 'update alone', null, null],
    )
  })

  it('says how far the codemod carried, and what agents cost beside it', () => {
    assert.deepEqual(report.carried, {
      ...{ tried: 3, results: { covered: 2, partly: 1, nothing: 0, worse: 0, failed: 0 }, asked: 2 },
      ...{ coveredUsd: 0, meanAskedUsd: 0.36 },
    })
    const without = playedCampaign([{ repository: 'a', outcome: 'awaiting-review' }])
    assert.equal(campaignReport(without.state, without.sessions, around).carried, null)
  })

  it('groups failures by cause, the most frequent first', () => {
    assert.deepEqual(
      report.causes.map(({ cause, repositories }) => [cause, repositories.length]),
      [
        ['install-failed', 8],
        ['verification-failed', 1],
      ],
    )
    assert.deepEqual(report.unreachable[0], { place: 'gone/place', why: 'gone/place is gone.' })
  })

  it('burns down from all to what is left, in order of time', () => {
    const { burnDown } = report
    assert.deepEqual([burnDown[0]?.left, burnDown.at(-1)?.left], [report.repositories, 1])
    assert.deepEqual(
      burnDown,
      burnDown.toSorted((a, b) => a.time.localeCompare(b.time)),
    )
  })

  it('links what a browser may open, and nothing else', () => {
    const urls = report.rows.flatMap(({ url }) => url ?? [])
    assert.deepEqual(urls, ['https://git.example.com/acme/shop/pull/7'])
  })

  it('of a campaign without any repository says so', () => {
    const empty = playedCampaign([])
    const { repositories, outcomes, burnDown } = campaignReport(
      empty.state,
      new Map([[sessionOf(0), { turns: 0, attempts: 0, updateAlone: true }]]),
      around,
    )
    assert.deepEqual([repositories, outcomes.length, burnDown.length], [0, 0, 1])
  })
})
