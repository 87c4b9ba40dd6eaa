import assert from 'node:assert/strict'
import { openPanelServer } from '../../../scripts/dev/panelServer.ts'
import { bundlePanel, openPanelBrowser } from '../../support/panel/browser.ts'
import { fixtureSessions } from '../../support/panel/sessions.ts'

describe('`npm run panel`', () => {
  it('shows the review of a session, with its styles', async () => {
    await bundlePanel()
    await using browser = await openPanelBrowser()
    await using server = await openPanelServer({ sessions: fixtureSessions(), say: () => {} })
    const page = await browser.browser.newPage()
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    await page.goto(`${server.url}review/dark`)
    await page.getByRole('tab', { name: /Timeline/ }).waitFor()
    const style = await page.locator('style').first().textContent()
    assert.ok((style ?? '').length > 1000)
    assert.deepEqual(errors, [])
  })
})
