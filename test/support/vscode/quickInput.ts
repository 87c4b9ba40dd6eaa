import type { Locator, Page } from 'playwright-core'
import { moveTo, until } from './gesture.ts'

/** The quick pick or input box that is open, as a person at the keyboard uses it. */
export interface QuickInput {
  readonly input: Locator
  readonly rows: Locator
  /** The one with this title, or with a placeholder that begins so. */
  question(text: string): Locator
  /** The input box with exactly this title. */
  box(title: string): Locator
  /** Takes the row with the text: rows may be drawn anew under a mouse, the focus stays with its row. */
  choose(text: string | RegExp): Promise<void>
  /** Ticks the rows, each known by its text, and takes them. */
  tick(...texts: readonly (string | RegExp)[]): Promise<void>
  /** Answers the input box with this title. */
  reply(title: string, text: string): Promise<void>
  dismiss(): Promise<void>
  /** Opens the palette on what was typed, and waits until it offers that, or the row named. */
  openPalette(text: string, row?: string): Promise<void>
}

export function quickInputOf(page: Page): QuickInput {
  const widget = page.locator('.quick-input-widget')
  const input = widget.locator('input.input')
  const rows = widget.locator('.quick-input-list .monaco-list-row')
  const loading = widget.locator('.monaco-progress-container.active')
  const question = (text: string): Locator =>
    widget
      .locator('.quick-input-title', { hasText: text })
      .or(widget.locator(`input.input[placeholder^="${text}"]`))
      .first()
  return {
    ...{ input, rows, question },
    box: (title) => widget.locator('.quick-input-title').getByText(title, { exact: true }),
    async choose(text) {
      const row = rows.filter({ hasText: text }).first()
      await row.waitFor()
      // What is still being filled may move the focus.
      await loading.waitFor({ state: 'detached' })
      await moveTo(widget.locator('.monaco-list-row.focused').filter({ hasText: text }), () =>
        input.press('ArrowDown'),
      )
      await input.press('Enter')
      await row.waitFor({ state: 'hidden' })
    },
    async tick(...texts) {
      for (const text of texts) {
        const row = rows.filter({ hasText: text }).first()
        const ticked = row.locator('.monaco-checkbox.checked, input:checked')
        await until(ticked, async () => (await ticked.isVisible()) || row.click())
      }
      await input.press('Enter')
      await input.waitFor({ state: 'hidden' })
    },
    async reply(title, text) {
      await question(title).waitFor()
      await input.fill(text)
      await input.press('Enter')
      // Another one may come in its place.
      await question(title).waitFor({ state: 'hidden' })
    },
    async dismiss() {
      await until(input, () => page.keyboard.press('Escape'), { state: 'hidden' })
    },
    openPalette: (text, row = text.trim()) => openPalette(page, input, rows.filter({ hasText: row }), text),
  }
}

/** A palette that was opened before the extensions are known does not learn of them: it is opened again. */
async function openPalette(page: Page, input: Locator, row: Locator, text: string): Promise<void> {
  let again = false
  await until(
    row,
    async () => {
      // Out of whatever kept the key for itself.
      if (again)
        await page
          .locator('.part.titlebar')
          .first()
          .click({ position: { x: 4, y: 4 }, timeout: 2_000 })
          .catch(() => {})
      if (again) await page.keyboard.press('Escape')
      again = true
      await page.keyboard.press('F1')
      await input.fill(`>${text}`, { timeout: 4_000 })
    },
    { tries: 15 },
  )
}
