import { bundlePanel, openPanelBrowser } from '../test/support/panel/browser.ts'
import { manyFacts, openStatistics } from '../test/support/panel/openStatistics.ts'
import { type BenchRow, median } from './row.ts'

/** The page of statistics with 10,000 sessions: until its figures and charts are painted, the folds included. */
export async function statisticsPageRows(): Promise<readonly BenchRow[]> {
  await bundlePanel()
  await using browser = await openPanelBrowser()
  const facts = manyFacts(10_000)
  const times: number[] = []
  for (let run = 0; run < 5; run += 1) {
    await using shown = await openStatistics(browser, facts)
    times.push(shown.paintedMs)
  }
  const value = median(times)
  return [
    {
      what: 'statistics, 10,000 sessions, until painted',
      value,
      unit: 'ms',
      goal: '≤ 1000',
      ok: value <= 1000,
    },
  ]
}
