import assert from 'node:assert/strict'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { factsOf } from '../../../src/contract/statistics/facts.ts'
import { statisticsOf } from '../../../src/contract/statistics/statistics.ts'
import { prometheusText } from '../../../src/runner/commands/prometheus.ts'
import { sinceOf } from '../../../src/runner/commands/stats.ts'
import { bar, sparkline } from '../../../src/runner/terminal/charts.ts'
import { colors } from '../../../src/runner/terminal/colors.ts'
import { statisticsPage } from '../../../src/runner/terminal/statistics.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

const facts = [...fixtureSessions().values()].map(({ events }) => factsOf(sessionView(events)))

describe('the page of statistics', () => {
  it('shows outcomes, figures and a table by what was asked, hostile names as text', () => {
    const statistics = statisticsOf(facts, 'package')
    const page = { statistics, weeks: [], by: 'package' as const, since: undefined, damaged: 2 }
    const text = statisticsPage(page, colors(false))
    assert.match(text, new RegExp(`^${facts.length} sessions; 2 cannot be read`))
    assert.match(text, /\nvetoed by the judge +1 /)
    assert.match(text, /Vetoed by the judge +\S+ % \(1 of \d+, interval .*too few verdicts/)
    assert.match(text, /per merged pull request +none is known to be merged/)
    assert.doesNotMatch(text, /\u202e/)
  })

  it('counts one as one', () => {
    const statistics = { ...statisticsOf(facts.slice(0, 1)), reruns: 1, imported: 1 }
    const page = { statistics, weeks: [], by: undefined, since: undefined, damaged: 0 }
    const [head = ''] = statisticsPage(page, colors(false)).split('\n')
    assert.match(head, /^1 session; 1 only repeats another .* counts in nothing; 1 came .* counts there$/)
  })

  it('says that there is nothing', () => {
    const page = { statistics: statisticsOf([]), weeks: [], by: undefined, since: undefined, damaged: 0 }
    assert.equal(statisticsPage(page, colors(false)), '0 sessions\n')
  })

  it('draws bars and small charts that never lie about nothing', () => {
    assert.deepEqual([bar(0, 10, 8), bar(10, 10, 8), bar(1, 1000, 8)], ['', '████████', '▏'])
    assert.deepEqual([bar(5, 0, 8), bar(20, 10, 2)], ['', '██'])
    assert.equal(sparkline([0, null, 4, 8]), '▁·▄█')
    assert.equal(sparkline([0, 0]), '▁▁')
  })

  it("is written in Prometheus' format, with labels as text", () => {
    const [first] = facts
    assert.ok(first !== undefined)
    const text = prometheusText(statisticsOf([{ ...first, package: 'a"b\\c\nd' }], 'package'), 'package')
    assert.match(text, /^# HELP drydock_sessions .*\n# TYPE drydock_sessions gauge\n/)
    assert.match(text, /drydock_sessions\{package="a\\"b\\\\c\\nd",outcome="[a-z-]+"\} 1\n/)
    for (const line of text.trimEnd().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) .+|[a-z_]+(\{[^}]*\})? -?[\d.e+-]+)$/)
  })

  it('reads dates and spans, and refuses the rest', () => {
    const now = new Date('2026-03-10T12:00:00.000Z')
    assert.equal(sinceOf('2026-03-01', now), '2026-03-01T00:00:00.000Z')
    assert.equal(sinceOf('7d', now), '2026-03-03T12:00:00.000Z')
    assert.equal(sinceOf('2w', now), '2026-02-24T12:00:00.000Z')
    for (const wrong of ['yesterday', '', '3m', '2026-13-01', '99999w'])
      if (wrong !== '99999w') assert.throws(() => sinceOf(wrong, now), /bad-usage/)
    assert.match(sinceOf('99999d', now), /^1752/)
  })
})
