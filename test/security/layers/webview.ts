import type { Page } from 'playwright-core'
import { z } from 'zod'
import { contentSecurityPolicy, shownLine, shownName, shownText } from '../../../src/contract/shownText.ts'
import { MessageToHost, MessageToPanel } from '../../../src/contract/webviewMessages.ts'
import { codeBlock, inlineCode } from '../../../src/runner/publish/markdown.ts'
import { colors } from '../../../src/runner/terminal/colors.ts'
import { colouredDiff } from '../../../src/runner/terminal/diff.ts'
import { oneLine, printable } from '../../../src/runner/terminal/text.ts'
import { openPanelBrowser, type PanelBrowser } from '../../support/panel/browser.ts'
import { openPanel } from '../../support/panel/openPanel.ts'
import { fixtureSessions, sessionOf } from '../../support/panel/sessions.ts'
import { type Case, inputOf, type Layer } from '../case.ts'

/** Frames without a change after which a page is taken to be at rest. */
const restingFrames = 40

const id = '20260304-090000-aaaac0'

const Input = z.looseObject({ sink: z.string(), value: z.unknown() })

/** Where text of a kind comes to be shown: as a text node, in a terminal, in a pull request. */
const shown: Readonly<Record<string, (text: string) => string>> = {
  fileName: shownName,
  diffLine: shownLine,
  modelText: shownText,
}

/** Cases of what a person sees and of what the panel may say, in the real panel in a real browser. */
export async function openWebview(): Promise<Layer> {
  const browser = await openPanelBrowser()
  return { run: (one) => play(browser, one), [Symbol.asyncDispose]: () => browser[Symbol.asyncDispose]() }
}

async function play(browser: PanelBrowser, one: Case): Promise<string | undefined> {
  const { sink, value } = inputOf(Input, one)
  if (sink.startsWith('message')) return message(browser, one, sink, value)
  if (typeof value !== 'string') return one.expect === 'deny' ? undefined : 'not text'
  const text = (shown[sink] ?? shownText)(value)
  if (one.expect === 'allow' && text !== value) return `shown otherwise: ${JSON.stringify(text)}`
  return (
    policyHoles() ??
    steering(text) ??
    elsewhere(value) ??
    (await inPanel(browser, value, one.expect === 'allow'))
  )
}

/** What the page says goes through the real host side, and what the host says through the real page. */
async function message(
  browser: PanelBrowser,
  one: Case,
  sink: string,
  value: unknown,
): Promise<string | undefined> {
  const toPage = /To(Panel|Webview|Page|Ui)$|From(Host|Extension)$/i.test(sink)
  const taken = (toPage ? MessageToPanel : MessageToHost).safeParse(value).success
  if (one.expect === 'allow') return taken ? undefined : 'refused'
  // A session that a message of the right form and content would publish.
  const session = fixtureSessions().get('review')
  if (session === undefined) throw new Error('no session waits for review')
  await using panel = await openPanel(browser, session)
  const { page } = panel
  if (toPage) {
    const before = await restingText(page)
    await page.evaluate((said) => window.postMessage(said, '*'), value)
    return taken || before !== (await restingText(page)) ? 'the page took it' : undefined
  }
  // The browser's own wire loses such a key, the schema must not.
  if (!taken && JSON.stringify(value)?.includes('"__proto__"')) return undefined
  await page.evaluate((said) => (globalThis as unknown as Toolless).toHost(said), value)
  const acted = [...panel.asked, ...panel.opened]
  return acted.length === 0 ? undefined : `acted upon: ${JSON.stringify(acted)}`
}

/** What the page shows once its host has told all: a change after a message is then that message's. */
function restingText(page: Page): Promise<string> {
  return page.evaluate(async (frames) => {
    let [text, same] = [document.body.innerText, 0]
    while (same < frames) {
      await new Promise((done) => requestAnimationFrame(done))
      const now = document.body.innerText
      ;[text, same] = [now, now === text ? same + 1 : 0]
    }
    return text
  }, restingFrames)
}

interface Toolless {
  toHost(message: unknown): Promise<void>
}

/** The text as task, file name, diff, model's words, tool call, test name and reason: no element of it, nothing run. */
async function inPanel(
  browser: PanelBrowser,
  value: string,
  literally: boolean,
): Promise<string | undefined> {
  await using panel = await openPanel(browser, sessionOf(id, value, value))
  const { page } = panel
  let seen = false
  for (const tab of [/Changes/, /Checks/, /Judge/, /Timeline/]) {
    await page.getByRole('tab', { name: tab }).click()
    const made = page.locator('img, script:not([nonce]), b, i, a, iframe, object, embed, form, svg script')
    if ((await made.count()) > 0) return `made an element under ${tab.source}`
    const why = steering(
      (await page.locator('body').innerText()).replaceAll('\t', ' '),
      Number.POSITIVE_INFINITY,
    )
    seen ||= flat(await page.locator('body').innerText()).includes(flat(value).trim())
    if (why !== undefined) return `${why} under ${tab.source}`
  }
  if (literally && !seen) return 'nowhere to be read as it is'
  if (panel.complaints.length > 0) return `the browser complains: ${panel.complaints.join('; ')}`
  const acted = [...panel.asked, ...panel.opened]
  return acted.length === 0 ? undefined : `acted: ${JSON.stringify(acted)}`
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ')
}

/** A text node makes no elements; what is left is what characters alone can do, and how many they are. */
function steering(text: string, most = 25_000): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text)) return 'control characters are left'
  if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text))
    return 'characters that reorder text are left'
  return text.length > most ? `${text.length} characters` : undefined
}

/** The same text in a terminal and in a pull request's body. */
function elsewhere(value: string): string | undefined {
  const terminal = [printable(value), oneLine(value, 200), colouredDiff(`+${value}`, colors(false))]
  const steered = terminal.map(steeringShort).find((why) => why !== undefined)
  if (steered !== undefined) return `in a terminal: ${steered}`
  const [span, block] = [inlineCode(value), codeBlock(value)]
  const fence = /^`+/.exec(span)?.[0] ?? ''
  if (fence === '' || !span.endsWith(fence) || span.slice(fence.length, -fence.length).includes(fence))
    return `leaves its code span: ${span}`
  const [open = ''] = /^`{3,}/.exec(block) ?? []
  return open === '' || block.slice(open.length, -open.length).includes(open)
    ? 'leaves its code block'
    : undefined
}

function steeringShort(text: string): string | undefined {
  return steering(text.slice(0, 20_000))
}

function policyHoles(): string | undefined {
  const policy = contentSecurityPolicy('n')
  const open = /unsafe-|https?:|\*|data:/.exec(policy)?.[0]
  if (!policy.startsWith("default-src 'none';")) return 'the policy does not begin with nothing'
  return open === undefined ? undefined : `the policy allows ${open}`
}
