import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { campaignActions } from '../../../src/contract/fleet/actions.ts'
import type { CampaignSaid, CampaignShown } from '../../../src/contract/fleet/page.ts'
import { campaignReport } from '../../../src/contract/fleet/report.ts'
import { failedJob } from '../../../src/contract/fleet/words.ts'
import { around, mixedCampaign, type PlayedCampaign, playedCampaign } from '../../support/campaign.ts'
import { bundlePanel, openPanelBrowser, type PanelBrowser } from '../../support/panel/browser.ts'
import { openCampaign } from '../../support/panel/openCampaign.ts'
import { themes } from '../../support/panel/themes.ts'

function shownOf({ state, sessions }: PlayedCampaign, more: Partial<CampaignShown> = {}): CampaignShown {
  const here = state.jobs.flatMap(({ session, status }, at) =>
    session === null || at === 1 ? [] : [[session, status === 'running' ? 'Final check' : null] as const],
  )
  return {
    type: 'campaign',
    report: campaignReport(state, sessions, around),
    actions: campaignActions(state, true),
    here: Object.fromEntries(here),
    failed: state.jobs.filter(failedJob).length,
    pending: null,
    ...more,
  }
}

async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

const troubles: readonly CampaignSaid[] = [
  { type: 'trouble', kind: 'gone', text: 'There is no campaign uuid-9 any more.' },
  { type: 'trouble', kind: 'unreadable', text: '<b>events.jsonl</b>, line 1: it is empty.' },
]

describe("a campaign's page", () => {
  let browser: PanelBrowser
  before(async () => {
    await bundlePanel()
    browser = await openPanelBrowser()
  })
  after(() => browser[Symbol.asyncDispose]())

  it('shows outcomes, caps, causes, burn-down and repositories, and leads to sessions and pull requests', async () => {
    await using shown = await openCampaign(browser, shownOf(mixedCampaign()))
    const { page, asked, complaints } = shown
    for (const name of ['Outcomes', 'Cost against caps', 'Failures by cause', 'Not reached', 'Burn-down'])
      await page.getByRole('heading', { name }).waitFor()
    assert.match(await page.locator('section[aria-labelledby=caps]').innerText(), /\$1\.82\s+\$40\.00/)
    const rows = page.getByRole('region', { name: 'Table of repositories' }).locator('tbody tr')
    assert.equal(await rows.count(), 17)
    assert.match(await rows.last().innerText(), /acme\/last.*\n?.*Final check/s)
    await rows
      .first()
      .getByRole('button', { name: /^acme\/shop/ })
      .click()
    await rows
      .first()
      .getByRole('button', { name: /^https/ })
      .click()
    // Its session is elsewhere, and nothing pretends that it could be opened.
    assert.equal(await rows.nth(1).getByRole('button').count(), 0)
    assert.match(await rows.nth(1).innerText(), /on another machine/)
    await page.getByLabel('State').selectOption('could not be set up')
    assert.equal(await rows.count(), 8)
    assert.deepEqual(asked, [
      { type: 'open', session: '20260101-090000-abcdef' },
      { type: 'openLink', url: 'https://git.example.com/acme/shop/pull/7' },
    ])
    // What a name brought is text.
    assert.equal(await page.locator('main img, main script, main a').count(), 0)
    assert.deepEqual(complaints, [])
  })

  it('offers by keyboard what is possible, and nothing while something is carried out', async () => {
    const played = mixedCampaign()
    await using shown = await openCampaign(
      browser,
      shownOf(played, { actions: ['pause', 'retry', 'cancel'] }),
    )
    const { page, asked, say } = shown
    const names = () => page.getByRole('toolbar').getByRole('button').allInnerTexts()
    assert.deepEqual(await names(), ['Pause', 'Retry Failed (9)', 'Cancel', 'Report…'])
    for (const key of ['Tab', 'Enter', 'Tab', 'Tab', 'Space', 'Tab', 'Enter']) await page.keyboard.press(key)
    assert.deepEqual(asked, [
      { type: 'act', action: 'pause' },
      { type: 'act', action: 'cancel' },
      { type: 'report' },
    ])
    await say(shownOf(played, { actions: ['pause'], pending: 'pause' }))
    await page.getByText('Pausing…').waitFor()
    assert.equal(await page.getByRole('toolbar').locator('button:enabled').count(), 0)
    await say(shownOf(played, { actions: ['resume'] }))
    await page.getByRole('button', { name: 'Resume' }).waitFor()
    await say({ type: 'trouble', kind: 'refused', text: 'Nobody answers. Try again.' })
    await page.getByRole('alert').getByText('Nobody answers.').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await say(shownOf(played, { actions: ['resume'], pending: 'resume' }))
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  it('says what is wrong where there is nothing to show, and that a campaign has no repository', async () => {
    for (const trouble of troubles) {
      await using shown = await openCampaign(browser, trouble)
      await shown.page.getByRole('alert').waitFor()
      assert.equal(await shown.page.locator('main b').count(), 0)
      assert.deepEqual(await findings(shown.page), [])
    }
    await using empty = await openCampaign(browser, shownOf(playedCampaign([])))
    await empty.page.getByText('This campaign has no repository').waitFor()
    assert.deepEqual(await findings(empty.page), [])
    await using waiting = await openCampaign(browser, undefined)
    await waiting.page.getByText('Reading the campaign…').waitFor()
  })

  it('draws thousands of repositories in parts', async () => {
    const many = Array.from({ length: 2000 }, (_, at) => ({
      repository: `acme/app-${at}`,
      outcome: 'up-to-date' as const,
    }))
    await using shown = await openCampaign(browser, shownOf(playedCampaign(many)))
    const rows = shown.page.locator('.repositories tbody tr')
    assert.equal(await rows.count(), 200)
    await shown.page.getByRole('button', { name: 'Show more' }).click()
    await rows.nth(399).waitFor()
  })

  it('can be read by everybody, in each theme and at 900 pixels', async () => {
    for (const [name, theme] of Object.entries(themes))
      for (const width of [1300, 900]) {
        await using shown = await openCampaign(browser, shownOf(mixedCampaign()), { theme, width })
        assert.deepEqual(await findings(shown.page), [], `${name}, ${width}`)
        const wide = await shown.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(wide <= 0, `${name}: ${wide} pixels wider than ${width}`)
        const folder = process.env.DRYDOCK_PICTURES ?? ''
        if (folder === '') continue
        await mkdir(folder, { recursive: true })
        await shown.page.screenshot({ path: join(folder, `campaign-${name}-${width}.png`), fullPage: true })
      }
  })
})
