import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstRows } from '../../src/extension/sessions/sessionRows.ts'
import { fixtureRepository } from '../support/repository.ts'
import { launchBrowser } from '../support/vscode/browser.ts'
import { installExtensions, startCodeServer } from '../support/vscode/codeServer.ts'
import { fillSessions } from '../support/vscode/manySessions.ts'
import { type EditorWindow, openWindow } from '../support/vscode/window.ts'

const count = 400

describe('many sessions in the editor', () => {
  const stack = new AsyncDisposableStack()
  let home: string
  let window: EditorWindow
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'drydock-sessions-'))
    stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
    await fillSessions(join(home, 'sessions'), count)
    const repository = stack.use(await fixtureRepository('clean-update'))
    const extensions = stack.use(await installExtensions())
    const server = stack.use(
      await startCodeServer({ extensions: extensions.path, env: { DRYDOCK_HOME: home } }),
    )
    const browser = await launchBrowser()
    stack.defer(() => browser.close())
    window = stack.use(await openWindow(browser, server.windowOf(repository.root)))
    await window.run('Agent: Show Sessions')
    await row('Waiting for Review').waitFor()
    await tree().locator('.monaco-list').focus()
  })
  after(() => stack.disposeAsync())

  const tree = () => window.page.locator('#workbench\\.view\\.extension\\.drydock')
  const row = (text: string | RegExp) => tree().locator('.monaco-list-row', { hasText: text }).first()
  const action = (label: string) => window.page.locator(`a.action-label[aria-label^="${label}"]`).first()
  const focused = () => tree().locator('.monaco-list-row.focused')
  const countOf = async (group: string): Promise<number> =>
    Number(/\d+$/.exec((await row(group).innerText()).trim())?.[0])

  /** What the view counts in all, from its last group up: its rows come before the last log was read. */
  async function total(): Promise<number> {
    await window.page.keyboard.press('End')
    const more = tree().locator('.monaco-list-row.focused', { hasText: 'Show more…' })
    await more.waitFor()
    assert.equal(await more.getAttribute('aria-setsize'), String(firstRows + 1))
    let all = 0
    for (const group of ['Done', 'Needs Attention', 'Waiting for Review']) {
      await window.page.keyboard.press('ArrowLeft')
      const head = focused().filter({ hasText: group })
      await head.waitFor()
      all += Number(/\d+$/.exec((await head.innerText()).trim())?.[0])
      await window.page.keyboard.press('ArrowUp')
    }
    await window.page.keyboard.press('Home')
    await row('Waiting for Review').waitFor()
    return all
  }

  it('are counted in full, and shown in part', async () => {
    for (let looks = 100; looks > 0 && (await total()) !== count; looks -= 1);
    assert.equal(await total(), count)
  })

  it('are shown further by keyboard, and the focus goes on where it was', async () => {
    await window.page.keyboard.press('End')
    await window.page.keyboard.press('Enter')
    const place = `[aria-posinset="${firstRows + 1}"]`
    // The row that was chosen stands at this place until others come.
    const next = tree().locator(`.monaco-list-row.focused${place}`).filter({ hasNotText: 'Show more' })
    await next.waitFor()
  })

  it('are all found by the filter', async () => {
    const [oldest = ''] = (await readdir(join(home, 'sessions'))).sort()
    await tree().hover()
    await action('Filter Sessions').click()
    await window.input.fill(oldest)
    await window.page.keyboard.press('Enter')
    await tree().locator('.monaco-list-row').nth(2).waitFor({ state: 'hidden' })
    assert.equal(await tree().locator('.monaco-list-row').count(), 2)
    await action('Clear Filter').click()
    await tree().locator('.monaco-list-row').nth(9).waitFor()
  })

  it('are counted on the page of statistics, which leads from a group to one of them', async () => {
    await window.run('Agent: Show Statistics')
    const page = window.review
    await page.getByText(`${count} sessions`, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'vetoed by the judge', exact: true }).click()
    await page.getByRole('button', { name: /^outcome: vetoed by the judge/ }).waitFor()
    const rows = page.getByRole('region', { name: 'Table of sessions' }).locator('tbody tr')
    assert.ok((await rows.allTextContents()).every((text) => text.includes('vetoed')))
    await window.picture('statistics')
    await rows.first().getByRole('button').click()
    await window.review.locator('.head', { hasText: 'Vetoed by the judge' }).waitFor()
  })

  it('have a new one counted as it comes', async () => {
    const before = await countOf('Waiting for Review')
    const other = join(home, 'other')
    await fillSessions(other, count + 20)
    for (const name of (await readdir(other)).sort().slice(count)) {
      const log = await readFile(join(other, name, 'events.jsonl'), 'utf8')
      if (!log.trimEnd().split('\n').at(-1)?.includes('awaiting-review')) continue
      await rename(join(other, name), join(home, 'sessions', name))
      break
    }
    await row(new RegExp(`Waiting for Review\\D*${before + 1}$`)).waitFor()
  })
})
