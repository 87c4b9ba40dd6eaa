import type { Locator, Page } from 'playwright-core'
import { moveTo, until } from './gesture.ts'

/** The view of sessions, by keyboard: its rows are drawn anew while a session runs. */
export interface SessionsView {
  /** Its rows. */
  readonly sessions: Locator
  /** Brings it to the front. */
  showSessions(): Promise<void>
  /** Opens the review of the session whose row has the text. */
  openReview(text: string | RegExp): Promise<void>
  /** Chooses an entry of the menu of the row with the text. */
  sessionMenu(text: string | RegExp, entry: string): Promise<void>
  /** Presses a button in the view's title. */
  viewAction(title: string): Promise<void>
}

/** `shown` is the title in the review that is on show. */
export function sessionsViewOf(page: Page, shown: Locator): SessionsView {
  const tree = page.locator('.sidebar .pane-body .monaco-list').first()
  const rows = tree.locator('.monaco-list-row')
  const focus = async (text: string | RegExp): Promise<void> => {
    await rows.filter({ hasText: text }).first().waitFor()
    await tree.press('Home')
    await moveTo(tree.locator('.monaco-list-row.focused').filter({ hasText: text }), () =>
      tree.press('ArrowDown'),
    )
  }
  return {
    sessions: rows,
    async showSessions() {
      const shown = page.locator('.sidebar .title-label', { hasText: 'Drydock' })
      // A click on what is shown hides it.
      await until(shown, async () => {
        if (!(await shown.isVisible()))
          await page.locator('.activitybar a.action-label[aria-label^="Drydock"]').click()
      })
    },
    async openReview(text) {
      await focus(text)
      const title = await tree.locator('.monaco-list-row.focused .label-name').first().innerText()
      await until(shown.filter({ hasText: title }), async () => {
        await focus(text)
        await tree.press('Enter')
      })
    },
    viewAction: (title) =>
      page
        .locator('.sidebar .composite.title a.action-label', { hasText: title })
        .or(page.locator(`.sidebar a.action-label[aria-label^="${title}"]`))
        .first()
        .click(),
    async sessionMenu(text, entry) {
      const item = page.locator('.monaco-menu .action-item').filter({ hasText: entry }).first()
      await until(item, async () => {
        await focus(text)
        await tree.press('Shift+F10')
      })
      // A menu takes no click in its first moment.
      await until(item, () => item.click({ timeout: 4_000 }), { state: 'hidden' })
    },
  }
}
