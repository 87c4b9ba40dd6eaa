import { mkdtemp, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core'
import { keptFolder } from '../keys.ts'
import { installBlackBox, takePictures } from './blackBox.ts'
import { patienceMs, until } from './gesture.ts'
import { type QuickInput, quickInputOf } from './quickInput.ts'
import { type SessionsView, sessionsViewOf } from './sessionsView.ts'

/** A window of the editor, and how a person moves in it. */
export interface EditorWindow extends AsyncDisposable, QuickInput, SessionsView {
  readonly page: Page
  /** What the browser's console said in error or warning. */
  readonly complaints: readonly string[]
  /** Titles that the palette offers for what was typed. */
  palette(text: string): Promise<readonly string[]>
  /** Runs the command that has exactly this title. */
  run(title: string): Promise<void>
  /** Runs a command that asks something, until the question is on show: what takes the focus first closes it again. */
  ask(title: string, question: string): Promise<void>
  /** The same, and takes the row with the text, until what comes next is on show: the list may be closed as well. */
  pick(title: string, question: string, row: string, next: Locator): Promise<void>
  /** Runs a command and answers the input box it opens, known by its title. */
  answer(title: string, box: string, text: string): Promise<void>
  /** The page in the review panel that is on show. */
  readonly review: FrameLocator
  /** Waits for a notification; one that has gone from sight is still in the centre of them. */
  told(text: string): Promise<void>
  /** A question that stands in the way of everything else. */
  readonly dialog: Locator
  /** Answers it. */
  confirm(button: string): Promise<void>
  /** Loads the window again by the editor's own command, which keeps what is open. */
  reload(): Promise<void>
  /** Opens a file of the folder, known by its path. */
  openFile(path: string): Promise<void>
  /** Takes a picture into an ignored folder. */
  picture(name: string): Promise<void>
  /**
   * Closes the window, as a tab is closed, once its browser keeps these texts: the editor writes what it was told to
   * remember a moment later. Returns the way to open it again in the same browser.
   */
  leave(...kept: readonly string[]): Promise<() => Promise<EditorWindow>>
}

export async function openWindow(browser: Browser, url: string): Promise<EditorWindow> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  context.setDefaultTimeout(patienceMs)
  await installBlackBox(context)
  return windowIn(context, url)
}

async function windowIn(context: BrowserContext, url: string): Promise<EditorWindow> {
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  await page.goto(url)
  await isReady(page)
  const quick = quickInputOf(page)
  const review = page
    .locator('iframe.webview.ready:visible')
    .contentFrame()
    .locator('#active-frame')
    .contentFrame()
  const run = async (title: string): Promise<void> => {
    await quick.openPalette(title)
    await quick.choose(startsWith(title))
  }
  const ask = (title: string, question: string): Promise<void> =>
    until(quick.question(question), () => run(title))
  const dialog = page.locator('.monaco-dialog-box')
  return {
    ...quick,
    ...sessionsViewOf(page, review.locator('.head h1')),
    ...{ page, complaints, review, dialog, run, ask },
    pick: (title, question, row, next) =>
      until(next, async () => {
        await ask(title, question)
        await quick.choose(row)
      }),
    async answer(title, box, text) {
      await ask(title, box)
      await quick.reply(box, text)
    },
    async palette(text) {
      await quick.openPalette(text)
      const titles = await quick.rows.locator('.quick-input-list-row:first-child .label-name').allInnerTexts()
      await quick.dismiss()
      return titles
    },
    told: (text) => told(page, run, text),
    confirm: (button) => dialog.getByRole('button', { name: button }).click(),
    async reload() {
      await Promise.all([page.waitForEvent('load'), run('Developer: Reload Window')])
      await isReady(page)
    },
    async openFile(path) {
      const name = basename(path)
      await page.keyboard.press('Control+p')
      await quick.input.fill(path)
      await quick.choose(name)
      await page.locator('.tab.active', { hasText: name }).waitFor()
    },
    picture: (name) => takePictures(page, name),
    async leave(...kept) {
      await keeps(context, kept)
      await page.close()
      return () => windowIn(context, url)
    },
    async [Symbol.asyncDispose]() {
      await keepStorage(context)
      await context.close()
    },
  }
}

async function isReady(page: Page): Promise<void> {
  await page.locator('.monaco-workbench').waitFor()
  // The manifests of extensions are known once the activity bar shows what they add.
  await page.locator('.activitybar a.action-label[aria-label^="Drydock"]').waitFor()
  // What the editor does late in its start may take the focus.
  await page.waitForFunction(() => performance.getEntriesByName('code/LifecyclePhase/Eventually').length > 0)
}

function startsWith(title: string): RegExp {
  return new RegExp(`^\\s*${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
}

async function told(page: Page, run: (title: string) => Promise<void>, text: string): Promise<void> {
  const said = page.locator('.notification-list-item', { hasText: text })
  let looks = 0
  await until(said, async () => {
    looks += 1
    if (looks > 1) await run('Notifications: Show Notifications')
  })
  if (looks === 1) return
  await run('Notifications: Hide Notifications')
  // Its end gives the focus to the editor, and takes it from whatever was opened by then.
  await page.locator('.notifications-center.visible').waitFor({ state: 'hidden' })
}

async function keeps(context: BrowserContext, texts: readonly string[]): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const state = JSON.stringify(await context.storageState({ indexedDB: true }))
    const missing = texts.filter((text) => !state.includes(text))
    if (missing.length === 0) return
    if (Date.now() > deadline) throw new Error(`the browser does not keep ${missing.join(', ')}`)
  }
}

/** What the editor keeps in the browser, for the last search. */
async function keepStorage(context: BrowserContext): Promise<void> {
  if (keptFolder === undefined || context.pages().length === 0) return
  const state = await context.storageState({ indexedDB: true })
  const folder = await mkdtemp(join(keptFolder, 'browser-'))
  await writeFile(join(folder, 'storage.json'), JSON.stringify(state))
}
