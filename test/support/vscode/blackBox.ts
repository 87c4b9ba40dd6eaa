import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { ROOT } from './codeServer.ts'

/** Where pictures go; git ignores it. */
const pictures = join(ROOT, 'test/screenshots/editor')
const windows = new Set<Page>()

/** Has the windows of a context note where the focus went: what takes it closes a pick that a test is about to use. */
export async function installBlackBox(context: BrowserContext): Promise<void> {
  await context.addInitScript(noteFocus)
  context.on('page', (page) => {
    windows.add(page)
    page.once('close', () => windows.delete(page))
  })
}

/** Takes a picture of a window into an ignored folder. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name.replaceAll(/[^\w-]+/g, '-')}.png`) })
}

/** Whether pictures are taken in every look; the editor follows the browser's then (`followsLooks`). */
const everyLook = process.env.DRYDOCK_LOOKS === '1'

/** Settings of an editor whose pictures are taken. */
export const followsLooks = everyLook
  ? { 'window.autoDetectColorScheme': true, 'window.autoDetectHighContrast': true }
  : {}

const looks = [
  { look: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' }, theme: 'vs-dark', width: 1400 },
  { look: 'dark-900', media: { colorScheme: 'dark', forcedColors: 'none' }, theme: 'vs-dark', width: 900 },
  { look: 'light', media: { colorScheme: 'light', forcedColors: 'none' }, theme: 'vs', width: 1400 },
  {
    look: 'contrast',
    media: { colorScheme: 'dark', forcedColors: 'active' },
    theme: 'hc-black',
    width: 1400,
  },
] as const

/** Dark, light, in high contrast and narrow, where somebody wants to look at all of them (`DRYDOCK_LOOKS=1`). */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (!everyLook) return takePicture(page, name)
  for (const { look, media, theme, width } of looks) {
    await page.emulateMedia(media)
    await page.setViewportSize({ width, height: 900 })
    await page.locator(`.monaco-workbench.${theme}`).waitFor()
    await takePicture(page, `${name}-${look}`)
  }
  await page.setViewportSize({ width: 1400, height: 900 })
}

/** What each window shows, with the way its focus took; a build server keeps text and no pictures. */
export async function readBlackBoxes(name: string): Promise<string> {
  const accounts = [...windows].map(async (page, number) => {
    await takePicture(page, `failed-${name.slice(0, 40)}-${number + 1}`)
    return [`window ${number + 1}:`, ...(await page.evaluate(readWindow))].join('\n  ')
  })
  const read = await Promise.allSettled(accounts)
  return read
    .map((account) => (account.status === 'fulfilled' ? account.value : String(account.reason)))
    .join('\n')
}

interface Noted {
  drydockFocus?: string[]
}

/** Runs in the window. */
function noteFocus(): void {
  const noted: string[] = []
  ;(globalThis as Noted).drydockFocus = noted
  const note = ({ type, target }: Event): void => {
    const [tag, name, label] =
      target instanceof Element
        ? [target.tagName, target.className, target.getAttribute('aria-label') ?? '']
        : ['window', '', '']
    noted.push(`${Math.round(performance.now())} ms ${type} ${tag} ${name} ${label}`.slice(0, 160))
    if (noted.length > 40) noted.shift()
  }
  for (const type of ['focusin', 'focusout', 'blur']) addEventListener(type, note, true)
}

/** Runs in the window. */
function readWindow(): readonly string[] {
  const texts = (what: string, selector: string): readonly string[] =>
    [...document.querySelectorAll<HTMLElement>(selector)]
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const { value, placeholder } = element as Partial<HTMLInputElement>
        return `${what}: ${[element.innerText, placeholder, value].filter(Boolean).join(' | ')}`
      })
  const quick = '.quick-input-widget'
  return [
    ...texts('asked', `${quick} .quick-input-title, ${quick} input.input`),
    ...texts('row', `${quick} .monaco-list-row`).slice(0, 8),
    ...texts('told', '.notification-list-item-message'),
    ...texts('dialog', '.monaco-dialog-box'),
    ...texts('status', '.statusbar-item[id*=drydock]'),
    ...((globalThis as Noted).drydockFocus ?? []),
    `${Math.round(performance.now())} ms now`,
  ].map((line) => line.replaceAll(/\s+/g, ' ').slice(0, 240))
}
