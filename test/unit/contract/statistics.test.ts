import assert from 'node:assert/strict'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { factsOf, type SessionFacts } from '../../../src/contract/statistics/facts.ts'
import { figuresOf } from '../../../src/contract/statistics/figures.ts'
import { shareOf } from '../../../src/contract/statistics/interval.ts'
import { statisticsOf, weekOf } from '../../../src/contract/statistics/statistics.ts'
import { figureLines, shareText } from '../../../src/contract/statistics/words.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

const none: ReadonlySet<string> = new Set()

function fixture(name: string): SessionFacts {
  const found = fixtureSessions().get(name)
  assert.ok(found !== undefined, name)
  return factsOf(sessionView(found.events))
}

describe('statistics', () => {
  let published: SessionFacts
  let vetoed: SessionFacts
  before(() => {
    published = fixture('published')
    vetoed = fixture('vetoed')
  })

  it('has the interval of Wilson: known values, nothing of nothing, and 0 and 1 exactly', () => {
    const half = shareOf(5, 10)
    assert.deepEqual([half.low?.toFixed(4), half.high?.toFixed(4)], ['0.2366', '0.7634'])
    assert.deepEqual([shareOf(0, 10).low, shareOf(0, 10).high?.toFixed(4)], [0, '0.2775'])
    assert.equal(shareOf(3, 3).high, 1)
    assert.equal(shareText(shareOf(0, 0)), 'none yet')
    assert.equal(shareText(shareOf(3, 12)), '25.0 % (3 of 12, interval 8.9 to 53.2)')
  })

  it('keeps of a session what its view says', () => {
    assert.equal(published.outcome, 'published')
    assert.deepEqual([published.verdict, published.approved, published.pullRequest], ['approve', true, true])
    assert.ok(published.costUsd > 0 && published.tokens > 0 && published.workMs > 0)
    assert.equal(published.repairedBy, published.attempts)
    assert.ok((published.stageMs.verify ?? 0) > (published.stageMs.queue ?? 0))
    assert.deepEqual([published.cached, published.cacheable > published.cached], [1, true])
    const failed = fixture('failed')
    assert.deepEqual([failed.attempts, failed.repairedBy], [3, null])
  })

  it('counts what a codemod repaired by itself, and not as a repair of the agent', () => {
    const of = (codemod: SessionFacts['codemod'], attempts: number, outcome: SessionFacts['outcome']) => ({
      ...published,
      ...{ codemod, attempts, outcome, repairedBy: attempts === 0 ? null : attempts },
    })
    const group = [
      of('covered', 0, 'published'),
      of('covered', 0, 'awaiting-review'),
      of('partly', 1, 'awaiting-review'),
      of('failed', 0, 'cancelled'),
      of(null, 1, 'published'),
    ]
    const figures = figuresOf(group, none)
    assert.deepEqual([figures.codemods.part, figures.codemods.whole], [2, 3])
    assert.deepEqual([figures.repaired.part, figures.repaired.whole], [2, 2])
    const names = (all: typeof figures) => figureLines(all).map(([name]) => name)
    assert.ok(names(figures).includes('Repaired by a codemod, where one was tried'))
    assert.ok(!names(figuresOf([published], none)).some((name) => name.includes('codemod')))
    assert.equal(published.codemod, null)
  })

  it('counts repairs by attempt among the sessions that came to an end', () => {
    const of = (attempts: number, repairedBy: number | null, outcome: SessionFacts['outcome']) => ({
      ...published,
      ...{ attempts, repairedBy, outcome },
    })
    const group = [of(1, 1, 'published'), of(2, 2, 'awaiting-review'), of(3, null, 'verification-failed')]
    const { repaired, repairedBy } = figuresOf(
      [...group, of(1, null, 'cancelled'), of(0, null, 'up-to-date')],
      none,
    )
    assert.deepEqual([repaired.part, repaired.whole], [2, 3])
    assert.deepEqual(
      repairedBy.map(({ part }) => part),
      [1, 2, 2],
    )
  })

  it('tells a veto that a person overturned, through a chain of tries, from one that stood', () => {
    const first = { ...vetoed, id: 'a' }
    const second = {
      ...vetoed,
      id: 'b',
      retryOf: 'a',
      verdict: 'approve' as const,
      outcome: 'rejected' as const,
    }
    const third = { ...published, id: 'c', retryOf: 'b', outcome: 'merged' as const }
    const other = { ...vetoed, id: 'd', retryOf: 'd' }
    const { all } = statisticsOf([first, second, third, other])
    assert.deepEqual([all.vetoes.part, all.vetoesOverturned.part], [2, 1])
    assert.deepEqual([all.approvalsRejected.part, all.approvalsRejected.whole], [1, 2])
    assert.equal(all.vetoBand, 'unknown')
  })

  it('divides the cost of all sessions by the merged ones, and says nothing where none is known', () => {
    const { costPerMerged } = figuresOf([{ ...published, costUsd: 1 }], none)
    assert.equal(costPerMerged, null)
    const group = [
      { ...published, costUsd: 1, outcome: 'merged' as const },
      { ...vetoed, costUsd: 2 },
      { ...published, costUsd: 3, outcome: 'closed' as const },
    ]
    const figures = figuresOf(group, none)
    assert.deepEqual([figures.costPerMerged, figures.merged.rate, figures.costPerSession], [6, 0.5, 2])
  })

  it('leaves out what only repeats a session for comparison, and what another machine ran', () => {
    const others = [
      { ...published, rerunOf: published.id },
      { ...published, imported: true },
    ]
    const { all, reruns, imported } = statisticsOf([published, ...others])
    assert.deepEqual([all.sessions, reruns, imported], [1, 1, 1])
  })

  it('groups by week of ISO 8601, in order, and by what a session lacks', () => {
    assert.deepEqual(['2024-12-30', '2027-01-03', '2026-03-04'].map(weekOf), [
      '2025-W01',
      '2026-W53',
      '2026-W10',
    ])
    const at = (createdAt: string) => ({ ...published, createdAt })
    const { groups } = statisticsOf([at('2026-03-04T'), at('2025-12-30T'), at('2026-03-05T')], 'week')
    assert.deepEqual(
      groups.map(({ name, figures }) => [name, figures.sessions]),
      [
        ['2026-W01', 1],
        ['2026-W10', 2],
      ],
    )
    const models = statisticsOf([published, { ...published, model: null }], 'model').groups
    assert.deepEqual(
      models.map(({ name }) => name).toSorted(),
      [published.model, 'no agent asked'].toSorted(),
    )
  })
})
