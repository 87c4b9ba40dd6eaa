import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { bundlePanel, openPanelBrowser } from '../test/support/panel/browser.ts'
import { manyFacts, openStatistics } from '../test/support/panel/openStatistics.ts'
import { fixtureRepository } from '../test/support/repository.ts'
import { launchBrowser } from '../test/support/vscode/browser.ts'
import { installExtensions, startCodeServer } from '../test/support/vscode/codeServer.ts'
import { fillSessions } from '../test/support/vscode/manySessions.ts'
import { openWindow } from '../test/support/vscode/window.ts'
import { type BenchRow, median } from './row.ts'

const sessions = 10_000

/** The page of statistics with 10,000 sessions: until its figures and charts are painted, the folds included. */
export async function statisticsPageRows(): Promise<readonly BenchRow[]> {
  await bundlePanel()
  await using browser = await openPanelBrowser()
  const facts = manyFacts(sessions)
  const times: number[] = []
  for (let run = 0; run < 5; run += 1) {
    await using shown = await openStatistics(browser, facts)
    times.push(shown.paintedMs)
  }
  const value = median(times)
  return [
    {
      what: `statistics, ${sessions} sessions, until painted`,
      value,
      unit: 'ms',
      goal: '≤ 1000',
      ok: value <= 1000,
    },
  ]
}

/**
 * The same in a real editor, which looks through the sessions on the disk: from the command to the painted page. Its goal
 * is the sum of two, 1.5 s for the figures and 1 s for the paint.
 */
export async function statisticsEditorRows(): Promise<readonly BenchRow[]> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-statistics-'))
  try {
    await fillSessions(join(home, 'sessions'), sessions)
    await using repository = await fixtureRepository('clean-update')
    await using extensions = await installExtensions()
    await using server = await startCodeServer({ extensions: extensions.path, env: { DRYDOCK_HOME: home } })
    const browser = await launchBrowser()
    try {
      const [first = Number.NaN, ...again] = await paintedInEditor(browser, server.windowOf(repository.root))
      const never = { unit: 'ms', goal: 'none', ok: true }
      const value = median(again)
      return [
        { what: `statistics in the editor, ${sessions} sessions never seen before`, value: first, ...never },
        { what: '  seen before', value, unit: 'ms', goal: '≤ 2500', ok: value <= 2500 },
      ]
    } finally {
      await browser.close()
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Milliseconds of one opening after the other, the first with every log unread. */
async function paintedInEditor(browser: Browser, url: string): Promise<readonly number[]> {
  await using window = await openWindow(browser, url)
  const times: number[] = []
  for (let run = 0; run < 6; run += 1) {
    await window.openPalette('Agent: Show Statistics')
    const started = performance.now()
    await window.choose('Agent: Show Statistics')
    await window.review.getByText(`${sessions.toLocaleString('en')} sessions`, { exact: true }).waitFor()
    await window.review.locator('canvas').nth(3).waitFor()
    times.push(performance.now() - started)
    await window.run('View: Close All Editors')
  }
  return times
}
