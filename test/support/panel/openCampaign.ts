import type { Page } from 'playwright-core'
import { CampaignAsked, type CampaignSaid } from '../../../src/contract/fleet/page.ts'
import type { PanelBrowser } from './browser.ts'
import { type Theme, themes } from './themes.ts'
import { webview } from './webview.ts'

export interface OpenCampaign extends AsyncDisposable {
  readonly page: Page
  /** What it asked of the extension, after `ready`. */
  readonly asked: CampaignAsked[]
  readonly complaints: string[]
  say(said: CampaignSaid): Promise<void>
}

/** A campaign's page in a browser, the real one, told `first` when it is ready. */
export async function openCampaign(
  { browser, url }: PanelBrowser,
  first: CampaignSaid | undefined,
  { theme = themes.dark, width = 1300 }: { theme?: Theme; width?: number } = {},
): Promise<OpenCampaign> {
  const context = await browser.newContext({ viewport: { width, height: 1000 } })
  const page = await context.newPage()
  const [asked, complaints]: [CampaignAsked[], string[]] = [[], []]
  const say = (said: CampaignSaid): Promise<void> =>
    page.evaluate((text) => window.postMessage(JSON.parse(text), '*'), JSON.stringify(said))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.exposeBinding('toHost', async (_, given: unknown) => {
    const message = CampaignAsked.parse(given)
    if (message.type !== 'ready') asked.push(message)
    else if (first !== undefined) await say(first)
  })
  await page.addInitScript(webview, { kind: theme.kind, colors: theme.colors })
  page.setDefaultTimeout(8000)
  await page.goto(`${url}campaign`)
  await page.locator('main').waitFor()
  if (first !== undefined) await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, asked, complaints, say, [Symbol.asyncDispose]: () => context.close() }
}
