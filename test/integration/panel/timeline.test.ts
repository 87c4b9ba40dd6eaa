import assert from 'node:assert/strict'
import axe from 'axe-core'
import { bundlePanel, openPanelBrowser, type PanelBrowser } from '../../support/panel/browser.ts'
import { openPanel } from '../../support/panel/openPanel.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

describe('the timeline', () => {
  let browser: PanelBrowser
  before(async () => {
    await bundlePanel()
    browser = await openPanelBrowser()
  })
  after(() => browser[Symbol.asyncDispose]())

  it('goes back to what the session was: spend, tests and patch, by keys as well', async () => {
    const log = fixtureSessions().get('review')
    assert.ok(log !== undefined)
    await using panel = await openPanel(browser, log)
    const { page, complaints } = panel
    await page.getByRole('tab', { name: /Timeline/ }).click()
    const past = page.getByRole('region', { name: 'Back in time' })
    await past.getByText('It waits for you').waitFor()
    const slider = past.getByRole('slider')
    await slider.focus()
    await page.keyboard.press('Home')
    await past.getByText('There was no patch yet.').waitFor()
    assert.match(await past.innerText(), /The session begins\s+0 turns\s+\$0 spent\s+no tests run yet/)
    const patch = past.getByRole('region', { name: 'The patch by the package manager, as it was then' })
    for (let step = 0; step < 40 && !(await patch.isVisible()); step += 1) {
      await page.keyboard.press('ArrowRight')
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      )
    }
    assert.match(await patch.innerText(), /^diff --git a\/package/)
    await page.evaluate(axe.source)
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      [],
    )
    await page.keyboard.press('End')
    await past.getByText('as it was then').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })

  it('opens the exact request and reply of a turn, each part by keys, and says where none was kept', async () => {
    const log = fixtureSessions().get('review')
    assert.ok(log !== undefined)
    await using panel = await openPanel(browser, log)
    const { page, complaints, opened } = panel
    await page.getByRole('tab', { name: /Timeline/ }).click()
    await page.getByRole('button', { name: /Turn 1/ }).click()
    await page.getByText('The exact request and reply of this turn were not kept.').waitFor()
    await page.getByRole('button', { name: /Turn 1/ }).click()
    await page.getByRole('button', { name: /Turn 2/ }).click()
    await page.getByText('Exact request and reply').focus()
    await page.keyboard.press('Enter')
    await page.getByText('Request: message 1, user').click()
    await page
      .getByRole('region', { name: 'Request: message 1, user' })
      .getByText('Mend what breaks.')
      .waitFor()
    await page.getByText('Reply', { exact: true }).click()
    const reply = page.getByRole('region', { name: 'Reply' })
    assert.match(await reply.innerText(), /"type":"tool_use".+"name":"Bash".+rg -n/s)
    await page.getByText('Open it whole in the editor').click()
    assert.match(opened.join(), /^exchange Attempt 1, turn 2: request and reply [0-9a-f]{64}$/)
    await page.evaluate(axe.source)
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
      [],
    )
    assert.deepEqual(complaints, [])
  })
})
