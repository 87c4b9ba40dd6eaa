import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bundlePanel, openPanelBrowser } from '../test/support/panel/browser.ts'
import { openPanel } from '../test/support/panel/openPanel.ts'
import { fixtureSessions } from '../test/support/panel/sessions.ts'
import { rareSessions } from '../test/support/panel/states.ts'
import { themes } from '../test/support/panel/themes.ts'

const folder = join(import.meta.dirname, '../test/screenshots/panel')
const [wanted = '', tab = '', ...widths] = process.argv.slice(2)

/** Pictures of the review panel, `NAME,NAME… TAB WIDTH…`: every session, its first tab, theme and width where nothing is named. */
async function main(): Promise<void> {
  await mkdir(folder, { recursive: true })
  await bundlePanel()
  await using browser = await openPanelBrowser()
  const sessions = () => new Map([...fixtureSessions(), ...rareSessions()])
  const names = wanted === '' ? [...sessions().keys()] : wanted.split(',')
  for (const name of names) {
    for (const [theme, colors] of Object.entries(themes)) {
      for (const width of widths.length === 0 ? [600, 900, 1400] : widths.map(Number)) {
        const log = sessions().get(name)
        if (log === undefined) throw new Error(`There is no session ${name}.`)
        await using panel = await openPanel(browser, log, { theme: colors, width, height: 1000 })
        await panel.page.locator('.head').waitFor()
        await panel.page.locator('.virtual-row, .none, .checks').first().waitFor()
        if (tab !== '') await panel.page.getByRole('tab', { name: new RegExp(tab) }).click()
        await panel.page.evaluate(() => new Promise((done) => requestIdleCallback(done, { timeout: 200 })))
        const file = [name, ...(tab === '' ? [] : [tab]), theme, width].join('-')
        await panel.page.screenshot({ path: join(folder, `${file}.png`) })
        for (const complaint of panel.complaints) process.stderr.write(`${name}: ${complaint}\n`)
      }
    }
  }
}

await main()
