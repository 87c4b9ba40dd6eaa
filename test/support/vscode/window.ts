import type { Browser, Locator, Page } from 'playwright-core'

/** A window of the editor, and how a person moves in it. */
export interface EditorWindow extends AsyncDisposable {
  readonly page: Page
  /** What the browser's console said in error or warning. */
  readonly complaints: readonly string[]
  /** Titles that the palette offers for what was typed. */
  palette(text: string): Promise<readonly string[]>
  /** Runs the command that has exactly this title. */
  run(title: string): Promise<void>
  /** The quick pick or input box that is open. */
  readonly input: Locator
  readonly rows: Locator
}

export async function openWindow(browser: Browser, url: string): Promise<EditorWindow> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.goto(url)
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 })
  // The manifests of extensions are known once the activity bar shows what they add.
  await page.locator('.activitybar a.action-label[aria-label^="Drydock"]').waitFor({ timeout: 60_000 })
  const input = page.locator('.quick-input-widget input.input')
  const rows = page.locator('.quick-input-list .monaco-list-row')
  const open = async (text: string): Promise<void> => {
    await page.keyboard.press('F1')
    await input.waitFor()
    await input.fill(`>${text}`)
    await rows.filter({ hasText: text.trim() }).first().waitFor()
  }
  return {
    page,
    complaints,
    input,
    rows,
    async palette(text) {
      await open(text)
      const titles = await rows.locator('.quick-input-list-row:first-child .label-name').allInnerTexts()
      await page.keyboard.press('Escape')
      return titles
    },
    async run(title) {
      await open(title)
      await rows.filter({ hasText: title }).first().click()
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}
