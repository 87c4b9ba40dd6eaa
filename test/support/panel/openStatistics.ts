import type { Page } from 'playwright-core'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { dashboardOf, StatisticsMessage } from '../../../src/contract/statistics/dashboard.ts'
import { factsOf, type SessionFacts } from '../../../src/contract/statistics/facts.ts'
import type { PanelBrowser } from './browser.ts'
import { fixtureSessions } from './sessions.ts'
import { type Theme, themes } from './themes.ts'
import { webview } from './webview.ts'

/** Facts of this many sessions over a year and a half, made of those of every kind; the same each time. */
export function manyFacts(count: number): readonly SessionFacts[] {
  const kinds = [...fixtureSessions().values()].map(({ events }) => factsOf(sessionView(events)))
  const packages = [
    '@acme/http-client',
    'com.example:tide',
    'chart-room',
    'a-package-with-a-rather-long-name',
  ]
  const models = ['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5-5']
  let state = 7
  const drawn = (below: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  const from = Date.parse('2025-01-06T00:00:00.000Z')
  return Array.from({ length: count }, (_, at) => {
    const kind = kinds[drawn(kinds.length)] ?? kinds[0]
    if (kind === undefined) throw new Error('There is no session of any kind.')
    const createdAt = new Date(
      from + Math.floor((at / count) * 540) * 86_400_000 + drawn(86_400_000),
    ).toISOString()
    const merged =
      kind.outcome === 'published'
        ? { outcome: drawn(4) === 0 ? ('closed' as const) : ('merged' as const) }
        : {}
    return {
      ...kind,
      ...{ id: `20260101-000000-${String(at).padStart(6, '0')}`, createdAt, ...merged },
      ...{ package: packages[drawn(packages.length)] ?? null },
      model: kind.model === null ? null : (models[drawn(models.length)] ?? null),
      costUsd: kind.costUsd * (0.5 + drawn(100) / 100) * (1.4 - at / count),
      workMs: kind.workMs * (0.5 + drawn(100) / 100),
    }
  })
}

export interface OpenStatistics extends AsyncDisposable {
  readonly page: Page
  /** From the request for the page until it shows figures, ms. */
  readonly paintedMs: number
  readonly opened: string[]
  readonly complaints: string[]
}

/** The page of statistics in a browser, the real one, answered as the extension answers it. */
export async function openStatistics(
  { browser, url }: PanelBrowser,
  facts: readonly SessionFacts[],
  {
    theme = themes.dark,
    width = 1300,
    now = '2026-07-01T00:00:00.000Z',
  }: { theme?: Theme; width?: number; now?: string } = {},
): Promise<OpenStatistics> {
  const context = await browser.newContext({ viewport: { width, height: 1000 } })
  const page = await context.newPage()
  const [opened, complaints]: [string[], string[]] = [[], []]
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.exposeBinding('toHost', async (_, given: unknown) => {
    const message = StatisticsMessage.parse(given)
    if (message.type === 'open') return void opened.push(message.session)
    const json = JSON.stringify(dashboardOf({ facts, damaged: [] }, message.shown, new Date(now)))
    await page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), json)
  })
  await page.addInitScript(webview, { kind: theme.kind, colors: theme.colors })
  page.setDefaultTimeout(8000)
  const asked = performance.now()
  await page.goto(`${url}statistics`)
  await page.getByRole('heading', { name: 'Statistics', exact: true }).waitFor()
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const paintedMs = performance.now() - asked
  return { page, paintedMs, opened, complaints, [Symbol.asyncDispose]: () => context.close() }
}
