import type { Browser, FrameLocator, Locator, Page } from 'playwright-core'

/** A window of the editor, and how a person moves in it. */
export interface EditorWindow extends AsyncDisposable {
  readonly page: Page
  /** What the browser's console said in error or warning. */
  readonly complaints: readonly string[]
  /** Titles that the palette offers for what was typed. */
  palette(text: string): Promise<readonly string[]>
  /** Runs the command that has exactly this title. */
  run(title: string): Promise<void>
  /** Runs a command and answers the input box it opens, known by its title. */
  answer(title: string, box: string, text: string): Promise<void>
  /** The quick pick or input box that is open. */
  readonly input: Locator
  readonly rows: Locator
  /** The page in the review panel that is on show. */
  readonly review: FrameLocator
  /** Rows of the sessions view. */
  readonly sessions: Locator
  /** Brings the sessions view to the front. */
  showSessions(): Promise<void>
  /** Opens the review of the session whose row has the text; asks again where the row was drawn anew under the click. */
  openReview(text: string): Promise<void>
  readonly notifications: Locator
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
  // A palette that was opened before the extensions are known does not learn of them: it is opened again.
  const open = async (text: string): Promise<void> => {
    const found = rows.filter({ hasText: text.trim() }).first()
    for (let left = 15; ; left -= 1) {
      await page.keyboard.press('F1')
      const there = await input
        .fill(`>${text}`, { timeout: 4000 })
        .then(() => found.waitFor({ timeout: 4000 }))
        .then(
          () => true,
          () => false,
        )
      if (there) return
      await page
        .locator('.part.titlebar .window-title, .part.titlebar')
        .first()
        .click({ position: { x: 4, y: 4 } })
      if (left === 0) throw new Error(`the palette has no ${text}`)
      await page.keyboard.press('Escape')
    }
  }
  const run = async (title: string): Promise<void> => {
    await open(title)
    await rows.filter({ hasText: title }).first().click()
  }
  const review = page
    .locator('iframe.webview.ready:visible')
    .contentFrame()
    .locator('#active-frame')
    .contentFrame()
  return {
    page,
    complaints,
    input,
    rows,
    review,
    sessions: page.locator('.pane-body .monaco-list-row'),
    notifications: page.locator('.notifications-toasts .notification-list-item'),
    async showSessions() {
      const shown = page.locator('.sidebar .title-label', { hasText: 'Drydock' })
      // A click on what is shown hides it.
      if (!(await shown.isVisible()))
        await page.locator('.activitybar a.action-label[aria-label^="Drydock"]').click()
      await shown.waitFor()
    },
    async openReview(text) {
      for (let attempt = 1; ; attempt += 1) {
        await page.locator('.pane-body .monaco-list-row', { hasText: text }).first().click()
        const shown = review.locator('.head').waitFor({ timeout: attempt < 4 ? 8_000 : 30_000 })
        const done = await shown.then(
          () => true,
          (error: unknown) => {
            if (attempt === 4) throw error
            return false
          },
        )
        if (done) return
      }
    },
    async answer(title, box, text) {
      await run(title)
      await page.locator('.quick-input-title', { hasText: box }).waitFor()
      await input.fill(text)
      await page.keyboard.press('Enter')
      await input.waitFor({ state: 'hidden' })
    },
    async palette(text) {
      await open(text)
      const titles = await rows.locator('.quick-input-list-row:first-child .label-name').allInnerTexts()
      await page.keyboard.press('Escape')
      return titles
    },
    run,
    [Symbol.asyncDispose]: () => context.close(),
  }
}
