import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { bundlePanel, openPanelBrowser, type PanelBrowser } from '../test/support/panel/browser.ts'
import { largeDiff, longSession } from '../test/support/panel/large.ts'
import type { SessionLog } from '../test/support/panel/log.ts'
import { type OpenPanel, openPanel } from '../test/support/panel/openPanel.ts'
import { type BenchRow, median } from './row.ts'

const runs = 5

/** From the moment the panel is asked for (its page not loaded, its log not read) until what is meant is drawn. */
async function opened(
  browser: PanelBrowser,
  log: SessionLog,
  drawn: (panel: OpenPanel) => Promise<void>,
): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) {
    await using panel = await openPanel(browser, log)
    await drawn(panel)
    await twoFrames(panel)
    times.push((performance.now() - panel.openedAt) / 1000)
  }
  return median(times)
}

/** The page has drawn, and hears what is done to it. */
async function twoFrames({ page }: OpenPanel): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

async function lastFile(browser: PanelBrowser, log: SessionLog): Promise<number> {
  await using panel = await openPanel(browser, log)
  const { page } = panel
  await page.locator('.line').first().waitFor()
  const start = performance.now()
  await page.getByRole('button', { name: /^Show all/ }).click()
  await page.locator('.files .path').last().click()
  await page.locator('.file-toggle:focus', { hasText: 'part-9' }).waitFor()
  await twoFrames(panel)
  return (performance.now() - start) / 1000
}

export async function panelRows(): Promise<BenchRow[]> {
  await bundlePanel()
  const { size } = await stat(resolve(import.meta.dirname, '../dist/webview/review.js'))
  await using browser = await openPanelBrowser()
  const [diff, long] = [largeDiff(), longSession()]
  const diffS = await opened(browser, diff, async ({ page }) =>
    page.locator('.line .hljs-string').first().waitFor(),
  )
  const lastS = await lastFile(browser, diff)
  const turns = async ({ page }: OpenPanel): Promise<void> => page.locator('.turn').first().waitFor()
  const longS = await opened(browser, long, turns)
  const shortS = await opened(browser, longSession(60), turns)
  const row = (what: string, value: number, unit: string, most: number): BenchRow => ({
    what,
    value,
    unit,
    goal: `≤ ${most}`,
    ok: value <= most,
  })
  return [
    row(`panel, diff of ${changedLines(diff)} changed lines, until it responds`, diffS, 's', 1.5),
    { what: '  from its first file to its last', value: lastS, unit: 's', goal: 'none', ok: true },
    row(`panel, session of ${long.events.length} events, until its turns are shown`, longS, 's', 1),
    { what: '  the same with 60 events', value: shortS, unit: 's', goal: 'none', ok: true },
    row('panel, script', size / 1000, 'kB', 700),
  ]
}

function changedLines(log: SessionLog): number {
  const patch = log.events.find((event) => event.type === 'patch.made')
  const files = patch?.type === 'patch.made' ? patch.patch.files : []
  return files.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0)
}
