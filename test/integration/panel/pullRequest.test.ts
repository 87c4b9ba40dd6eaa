import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { bundlePanel, openPanelBrowser, type PanelBrowser } from '../../support/panel/browser.ts'
import { baseCommit } from '../../support/panel/log.ts'
import { openPanel, type PanelOptions } from '../../support/panel/openPanel.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'
import { themes } from '../../support/panel/themes.ts'

describe('the pull request as it will be, in the panel', () => {
  let browser: PanelBrowser
  before(async () => {
    await bundlePanel()
    browser = await openPanelBrowser()
  })
  after(() => browser[Symbol.asyncDispose]())

  async function open(options?: PanelOptions) {
    const log = fixtureSessions().get('review')
    assert.ok(log)
    const panel = await openPanel(browser, log, options)
    await panel.page.getByRole('tab', { name: 'Pull request' }).click()
    await panel.page.locator('.pull-request').waitFor()
    return panel
  }

  it('shows what will be sent, takes another wording by keyboard, and sends it with the approval', async () => {
    await using panel = await open()
    const { page, asked } = panel
    const title = page.getByLabel('Title')
    assert.match(await title.inputValue(), /^chore\(deps\): update @acme\/http-client from /)
    assert.match(await page.locator('.fixed').innerText(), /Before and after[\s\S]*How to reproduce/)
    await title.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('Mine')
    // What takes a change back comes between.
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('deps/my branch')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type('deps, big ,')
    await page.getByText('sent as deps/my-branch').waitFor()
    await page.getByRole('button', { name: 'Edit source' }).focus()
    await page.keyboard.press('Enter')
    const text = page.getByLabel('Your part of the text')
    assert.match(await text.inputValue(), /^### What moves/)
    await text.fill('My **own** words.\n\n<details>\n<summary>More</summary>\n\n- [x] done\n\n</details>')
    await page.getByRole('button', { name: 'Show rendered' }).click()
    await page.locator('.body > .text-part strong', { hasText: 'own' }).waitFor()
    await page.locator('.body > .text-part summary', { hasText: 'More' }).waitFor()
    await page.locator('.fixed', { hasText: 'Above: the words of whoever published this' }).waitFor()
    await page.locator('#approve-why', { hasText: 'goes with your changes' }).waitFor()
    await panel.reload()
    await page.locator('#approve-why', { hasText: 'goes with your changes' }).waitFor()
    await page.getByRole('button', { name: 'Approve and Create PR' }).click()
    const until = Date.now() + 5000
    while (asked.length < 1 && Date.now() < until)
      await page.evaluate(() => new Promise(requestAnimationFrame))
    const request = asked[0]
    assert.ok(request?.do === 'publish')
    assert.deepEqual(
      { ...request.wording, body: request.wording?.body?.slice(0, 17) },
      { title: 'Mine', branch: 'deps/my branch', labels: ['deps', 'big'], body: 'My **own** words.' },
    )
    assert.deepEqual(panel.complaints, [])
  })

  it('refuses a text that would hide the proof, and takes everything back', async () => {
    await using panel = await open()
    const { page } = panel
    await page.getByRole('button', { name: 'Edit source' }).click()
    await page.getByLabel('Your part of the text').fill('Look:\n\n<!-- nothing else')
    await page.getByText('It would hide what stands below it', { exact: false }).first().waitFor()
    const why = page.locator('#approve-why')
    await why
      .filter({ hasText: 'Mend the pull request: The text leaves a block of code or a comment open' })
      .waitFor()
    await page.getByRole('button', { name: 'Approve and Create PR' }).click({ force: true })
    assert.deepEqual(panel.asked, [])
    await page.getByRole('button', { name: 'Undo all changes' }).click()
    await why.filter({ hasText: 'Ready: nothing stands in the way.' }).waitFor()
    assert.match(await page.getByLabel('Your part of the text').inputValue(), /^### What moves/)
  })

  it('names what keeps it from being published and no tick mends, in an editor’s words', async () => {
    const log = fixtureSessions().get('review')
    assert.ok(log)
    const [created] = log.events
    assert.ok(created?.type === 'session.created')
    delete created.task.repository.remote
    const refusal = { branch: 'main', from: baseCommit, to: 'e'.repeat(40), reasons: ['lib/order.js'] }
    const digest = sessionView(log.events).patch?.digest ?? ''
    log.emit({ type: 'base.refused', ...refusal, digest, kind: 'conflict' })
    await using panel = await openPanel(browser, log, { width: 900 })
    const { page } = panel
    await page.getByRole('tab', { name: 'Pull request' }).click()
    const rows = page.getByRole('region', { name: 'Before it can be published' }).getByRole('listitem')
    await rows.first().waitFor()
    const [moved = '', remote = '', ...more] = await rows.allInnerTexts()
    assert.match(moved, /^main has moved to eeeeeeeeeeee .* Follow up the session/)
    assert.match(remote, /remote.* take it by hand, or add a remote/)
    assert.deepEqual(more, [])
    await page
      .locator('#approve-why', { hasText: /^Nothing stands in the way of your approval; what/ })
      .waitFor()
    assert.deepEqual(await faults(page), [])
    const folder = process.env.DRYDOCK_TEST_PICTURES
    if (folder !== undefined) await page.screenshot({ path: `${folder}-obstacles.png`, fullPage: true })
  })

  it('is there for everybody: themes, a narrow panel, no faults', async () => {
    for (const [theme, colors] of Object.entries(themes)) {
      await using panel = await open({ theme: colors, width: 900, height: 1400 })
      const { page } = panel
      await page.getByLabel('Title').fill('Mine')
      await page.getByText('changed by you').first().waitFor()
      const folder = process.env.DRYDOCK_TEST_PICTURES
      if (folder !== undefined) await page.screenshot({ path: `${folder}-${theme}.png`, fullPage: true })
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(over <= 0, `${over} px too wide`)
      assert.deepEqual(await faults(page), [], theme)
      await page.getByRole('button', { name: 'Edit source' }).click()
      assert.deepEqual(await faults(page), [], theme)
    }
  })
})

/** What axe finds wrong with the page. */
async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
