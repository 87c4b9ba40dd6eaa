import assert from 'node:assert/strict'
import axe from 'axe-core'
import { bundlePanel, openPanelBrowser, type PanelBrowser } from '../../support/panel/browser.ts'
import { manyFacts, openStatistics } from '../../support/panel/openStatistics.ts'
import { themes } from '../../support/panel/themes.ts'

describe('the page of statistics', () => {
  let browser: PanelBrowser
  before(async () => {
    await bundlePanel()
    browser = await openPanelBrowser()
  })
  after(() => browser[Symbol.asyncDispose]())

  it('shows 10,000 sessions, and leads from a group to a session', async () => {
    await using shown = await openStatistics(browser, manyFacts(10_000), { now: '2027-06-01T00:00:00.000Z' })
    const { page, opened, complaints } = shown
    assert.equal(await page.locator('canvas').count(), 4)
    assert.equal(await page.locator('.chart table').count(), 4)
    await page.getByRole('button', { name: 'com.example:tide' }).click()
    await page.getByRole('button', { name: /^package: com.example:tide/ }).waitFor()
    await page.getByRole('button', { name: 'merged', exact: true }).click()
    await page.getByRole('button', { name: /^outcome: merged/ }).waitFor()
    const rows = page.getByRole('region', { name: 'Table of sessions' }).locator('tbody tr')
    assert.ok((await rows.allTextContents()).every((text) => text.includes('merged')))
    await rows.first().getByRole('button').click()
    await page.getByLabel('Begun in').selectOption('7d')
    await page.getByText('0 sessions').waitFor()
    assert.match(opened[0] ?? '', /^20260101-000000-\d{6}$/)
    assert.deepEqual(complaints, [])
  })

  it('can be read by everybody, in each theme', async () => {
    for (const theme of Object.values(themes)) {
      await using shown = await openStatistics(browser, manyFacts(12), { theme })
      await shown.page.evaluate(axe.source)
      const { violations } = await shown.page.evaluate(() =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(),
      )
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
      assert.deepEqual(found, [], theme.kind)
    }
  })
})
