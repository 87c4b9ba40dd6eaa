import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { restoring, reviewTrail } from '../../../src/contract/reviewed.ts'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { shownLine, shownName, shownText } from '../../../src/contract/shownText.ts'
import { bundlePanel, openPanelBrowser, type PanelBrowser } from '../../support/panel/browser.ts'
import { loadErrors, loadFailure } from '../../support/panel/loadErrors.ts'
import type { SessionLog } from '../../support/panel/log.ts'
import { type OpenPanel, openPanel, type PanelOptions } from '../../support/panel/openPanel.ts'
import { fixtureSessions, hostileText } from '../../support/panel/sessions.ts'
import { droppedRed, rareSessions } from '../../support/panel/states.ts'
import { themes } from '../../support/panel/themes.ts'
import { explained } from '../../support/panel/why.ts'

describe('review panel in a browser', () => {
  let browser: PanelBrowser
  before(async () => {
    await bundlePanel()
    browser = await openPanelBrowser()
  })
  after(() => browser[Symbol.asyncDispose]())

  const open = (name: string, options?: PanelOptions): Promise<OpenPanel> =>
    openPanel(browser, fixture(name), options)

  it('says in one look what changed, whether it is green, what the judge says and what is to tick', async () => {
    await using panel = await open('warnings')
    const answer = await panel.page.locator('.answer').innerText()
    for (const part of [
      '6 files, +14 −14',
      'Green',
      '5 repaired',
      '2 already failing',
      'Approves',
      '3 to tick',
    ])
      assert.ok(answer.includes(part), `${part} is missing in ${answer}`)
    assert.deepEqual(panel.complaints, [])
  })

  it('lets nobody approve before every warning is ticked, and sends the digest and the codes', async () => {
    await using panel = await open('warnings')
    const { page } = panel
    const approve = page.getByRole('button', { name: 'Approve and Create PR' })
    assert.equal(await approve.getAttribute('aria-disabled'), 'true')
    assert.equal(await page.locator('#approve-why').innerText(), 'Tick 3 warnings.')
    await approve.click({ force: true })
    const ticks = page.locator('.warnings vscode-checkbox')
    assert.equal(await ticks.count(), 3)
    for (const left of [2, 1, 0]) {
      await ticks.nth(2 - left).click()
      const why =
        left === 0 ? 'Ready: nothing stands in the way.' : `Tick ${left} warning${left === 1 ? '' : 's'}.`
      await page.locator('#approve-why', { hasText: why }).waitFor()
    }
    assert.deepEqual(panel.asked, [])
    await approve.click()
    await asked(panel, 1)
    const { digest, baseCommit } = patchOf(panel)
    assert.deepEqual(panel.asked, [
      {
        ...{ do: 'publish', session: '20260304-090000-aaaaa3', digest, baseCommit, withoutJudge: false },
        unverified: false,
        acknowledged: [
          'protected-path:.github/workflows/ci.yml',
          'new-skip:test/catalogue.test.ts',
          'lockfile:@acme/http-client',
        ],
      },
    ])
  })

  it('keeps the ticks over a reload of the window, and drops them where the patch is another one', async () => {
    await using panel = await open('warnings')
    const ticks = panel.page.locator('.warnings vscode-checkbox')
    await ticks.first().click()
    await panel.page.locator('#approve-why', { hasText: 'Tick 2 warnings.' }).waitFor()
    await panel.reload()
    await panel.page.locator('#approve-why', { hasText: 'Tick 2 warnings.' }).waitFor()
    const other = fixture('review').events.findLast((event) => event.type === 'patch.made')
    assert.ok(other?.type === 'patch.made')
    await panel.append(
      { type: 'patch.made', source: 'repair', patch: { ...other.patch, digest: 'f'.repeat(64) } },
      { type: 'warning.raised', warning: warningOf(panel) },
      waits,
    )
    await panel.page.locator('.answer', { hasText: '4 files' }).waitFor()
    assert.equal(await panel.page.locator('.warnings vscode-checkbox').first().evaluate(isChecked), false)
  })

  it('lets nobody approve while parts are dropped, verifies without them, and waits for the end of it', async () => {
    await using panel = await open('review')
    const { page } = panel
    await page.locator('#approve-why', { hasText: 'Ready' }).waitFor()
    await page.getByRole('button', { name: 'Drop part 2 of src/catalogue.ts' }).click()
    await page.locator('#approve-why', { hasText: 'Verify without the dropped parts first' }).waitFor()
    await page.locator('.files').getByRole('button', { name: 'Drop file src/orders.ts' }).click()
    await page.getByRole('button', { name: 'Approve and Create PR' }).click({ force: true })
    await page.getByRole('button', { name: 'Verify without these' }).click()
    await asked(panel, 1)
    const { digest } = patchOf(panel)
    assert.deepEqual(panel.asked, [
      {
        ...{ do: 'drop', session: '20260304-090000-aaaaa2', digest },
        dropped: [{ path: 'src/catalogue.ts', hunk: 1 }, { path: 'src/orders.ts' }],
      },
    ])
    await panel.append({ type: 'stage.started', stage: 'verify', role: 'dropped' })
    await page.locator('#approve-why', { hasText: 'The change is being verified again.' }).waitFor()
    assert.equal(await page.locator('.outcome').innerText(), 'Verifying again')
    assert.equal(await page.getByRole('button', { name: /^Drop file/ }).count(), 0)
  })

  it('remembers dropped parts over a reload of the window, until they are verified', async () => {
    await using panel = await open('review')
    const { page } = panel
    await page.getByRole('button', { name: 'Drop part 2 of src/catalogue.ts' }).click()
    await page.getByRole('button', { name: 'Keep part 2 of src/catalogue.ts' }).waitFor()
    await page.locator('.files').getByRole('button', { name: 'Drop file src/orders.ts' }).click()
    await page.locator('.files').getByRole('button', { name: 'Keep file src/orders.ts' }).waitFor()
    await panel.reload()
    await page.getByRole('button', { name: 'Keep part 2 of src/catalogue.ts' }).waitFor()
    await page.locator('#approve-why', { hasText: 'Verify without the dropped parts first' }).waitFor()
    await page.locator('.files').getByRole('button', { name: 'Keep file src/orders.ts' }).click()
    await page.locator('.files').getByRole('button', { name: 'Drop file src/orders.ts' }).waitFor()
    await panel.reload()
    await page.getByRole('button', { name: 'Verify without it' }).click()
    await asked(panel, 1)
    const { digest } = patchOf(panel)
    assert.deepEqual(panel.asked, [
      {
        ...{ do: 'drop', session: '20260304-090000-aaaaa2', digest },
        dropped: [{ path: 'src/catalogue.ts', hunk: 1 }],
      },
    ])
    const other = fixture('warnings').events.findLast((event) => event.type === 'patch.made')
    assert.ok(other?.type === 'patch.made')
    await panel.append({ type: 'patch.made', source: 'reviewer', patch: other.patch }, waits)
    await page.locator('.answer', { hasText: '6 files' }).waitFor()
    await panel.reload()
    assert.equal(await page.getByRole('button', { name: /^(Keep|Verify without)/ }).count(), 0)
  })

  it('takes dropped parts back where the rest is red: the patch from before, with its own evidence', async () => {
    const log = droppedRed('20260304-090000-bbbbb1')
    await using panel = await openPanel(browser, log)
    const { page } = panel
    const why = page.locator('#approve-why')
    await why.filter({ hasText: 'The checks are not green: take the dropped parts back' }).waitFor()
    const red = patchOf(panel).digest
    await page.getByRole('button', { name: 'Take the dropped parts back' }).click()
    await asked(panel, 1)
    const { digest } = fixturePatch('review')
    assert.deepEqual(panel.asked, [{ do: 'restore', session: log.id, digest }])
    const back = restoring(reviewTrail(log.events), sessionView(log.events))
    assert.ok(back !== undefined && red !== digest)
    await panel.append(back)
    await why.filter({ hasText: 'Ready' }).waitFor()
    assert.match(await page.locator('.answer').innerText(), /Green[\s\S]*0 regressed[\s\S]*Approves/)
    assert.equal(await page.getByRole('button', { name: 'Take the dropped parts back' }).count(), 0)
    await page.locator('.file-head', { hasText: 'src/orders.ts' }).waitFor()
    await page.getByRole('button', { name: 'Approve and Create PR' }).click()
    await asked(panel, 2)
    assert.ok(panel.asked[1]?.do === 'publish' && panel.asked[1].digest === digest)
    assert.deepEqual(panel.complaints, [])
  })

  it('leads from what the judge quotes to its line, with the mouse and with the keyboard', async () => {
    for (const layout of [600, 1400]) {
      await using panel = await open('review', { width: layout, height: 700 })
      const { page } = panel
      await page.getByRole('tab', { name: 'Judge' }).click()
      const quote = page.getByRole('button', { name: /^error\.status === 409.*show it in src\/orders\.ts:/ })
      await quote.focus()
      await page.keyboard.press('Enter')
      const marked = page.locator('.line.marked')
      await marked.filter({ hasText: 'error.status === 409' }).waitFor()
      await page.waitForFunction(() => document.activeElement?.matches('.line.marked'))
      const box = await marked.boundingBox()
      const top = await page.locator('.diff-bar').boundingBox()
      assert.ok(box !== null && top !== null)
      assert.ok(box.y >= top.y + top.height && box.y + box.height <= 700, JSON.stringify({ box, top }))
      assert.equal(await page.getByRole('tab', { name: /Changes/ }).getAttribute('aria-selected'), 'true')
      await page.getByRole('button', { name: 'Collapse all' }).click()
      await page.getByRole('tab', { name: 'Judge' }).click()
      await page.getByRole('button', { name: /^createClient/ }).click()
      await page.locator('.diff-bar .at', { hasText: 'src/catalogue.ts' }).waitFor({ state: 'attached' })
      await page.getByRole('tab', { name: 'Judge' }).click()
      await page.getByRole('button', { name: /^return \(await response/ }).click()
      await marked.filter({ hasText: 'return (await response.json()).id' }).waitFor()
    }
  })

  it('cuts a long list of files, and goes on where it was cut', async () => {
    const log = rareSessions().get('many-files')
    assert.ok(log)
    await using panel = await openPanel(browser, log, { width: 600 })
    const { page } = panel
    assert.equal(await page.locator('.files .path').count(), 12)
    await page.getByRole('button', { name: 'Show all 60 files' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.closest('li')?.matches(':nth-child(13)'))
    assert.equal(await page.locator('.files .path').count(), 60)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(over <= 0, `${over} px too wide`)
  })

  it('keeps a part after all', async () => {
    await using panel = await open('review')
    const { page } = panel
    await page.getByRole('button', { name: 'Drop part 1 of src/catalogue.ts' }).click()
    await page.locator('#approve-why', { hasText: 'Verify without' }).waitFor()
    await page.getByRole('button', { name: 'Keep part 1 of src/catalogue.ts' }).click()
    await page.locator('#approve-why', { hasText: 'Ready' }).waitFor()
    assert.equal(await page.getByRole('button', { name: /^Verify without/ }).count(), 0)
  })

  it('asks that a person takes on what nobody judged, and what the checks could prove nothing about', async () => {
    await using unjudged = await open('not-judged')
    const why = unjudged.page.locator('#approve-why')
    assert.match(
      await unjudged.page.locator('.alarms').innerText(),
      /Not judged: There is no key for the model\./,
    )
    await why.filter({ hasText: 'No judge looked at it' }).waitFor()
    await unjudged.page.locator('vscode-checkbox').click()
    await why.filter({ hasText: 'Ready' }).waitFor()
    await unjudged.page.getByRole('button', { name: 'Approve and Create PR' }).click()
    await asked(unjudged, 1)
    assert.ok(unjudged.asked[0]?.do === 'publish' && unjudged.asked[0].withoutJudge)
    await using unverified = await open('not-verified')
    assert.match(
      await unverified.page.locator('.alarms').innerText(),
      /Not verified: The build fails on the base/,
    )
    const left = unverified.page.locator('#approve-why')
    await unverified.page.locator('.warnings vscode-checkbox').nth(1).click()
    await unverified.page.getByRole('button', { name: 'Approve and Create PR' }).click({ force: true })
    await left.filter({ hasText: 'Nothing was verified: tick that you take it on yourself.' }).waitFor()
    assert.equal(unverified.asked.length, 0)
    await unverified.page.locator('.warnings vscode-checkbox').nth(0).click()
    await left.filter({ hasText: 'Ready' }).waitFor()
    await unverified.page.getByRole('button', { name: 'Approve and Create PR' }).click()
    await asked(unverified, 1)
    assert.ok(unverified.asked[0]?.do === 'publish' && unverified.asked[0].unverified)
  })

  it('shows what a repair without tests proves, and takes it only from who says so', async () => {
    const log = rareSessions().get('without-tests')
    assert.ok(log)
    await using panel = await openPanel(browser, log)
    const { page } = panel
    const answer = await page.locator('.answer').innerText()
    assert.match(answer, /Green, without a test[\s\S]*repaired: the build .*this project has no tests/)
    await page.locator('#approve-why', { hasText: 'No test ran again' }).waitFor()
    await page.locator('.warnings vscode-checkbox').click()
    await page.locator('#approve-why', { hasText: 'Ready' }).waitFor()
    await page.getByRole('tab', { name: /Checks/ }).click()
    const checks = await page.locator('.checks').innerText()
    assert.match(checks, /Not shown: this project has no tests/)
    assert.match(checks, /npm run build[\s\S]*tsc --noEmit -p test\s+derived/)
    assert.deepEqual(await faults(page), [])
    await page.getByRole('button', { name: 'Approve and Create PR' }).click()
    await asked(panel, 1)
    assert.ok(panel.asked[0]?.do === 'publish' && panel.asked[0].unverified)
  })

  it('rejects with a reason and retries with what to do differently', async () => {
    await using panel = await open('review')
    const { page } = panel
    await page.getByRole('button', { name: 'Reject…' }).click()
    await page.getByLabel('Why do you reject it?').fill('Not now.')
    await page.getByRole('button', { name: 'Reject', exact: true }).click()
    await asked(panel, 1)
    await page.getByRole('button', { name: 'Retry…' }).click()
    // Nothing is clicked: the form takes the focus.
    await page.locator('textarea:focus').waitFor()
    await page.keyboard.type('Keep the retries.')
    await page.getByRole('button', { name: 'Retry', exact: true }).click()
    await asked(panel, 2)
    assert.deepEqual(panel.asked, [
      { do: 'reject', session: '20260304-090000-aaaaa2', reason: 'Not now.' },
      { do: 'retry', session: '20260304-090000-aaaaa2', note: 'Keep the retries.' },
    ])
    assert.deepEqual(panel.opened, ['review 20260304-100000-bbbbbb'])
  })

  it('shows a running session live: stages, turns, results', async () => {
    await using panel = await open('running')
    const { page } = panel
    assert.equal(await page.locator('.outcome').innerText(), 'Running')
    assert.equal(await page.getByRole('tab', { name: /Timeline/ }).getAttribute('aria-selected'), 'true')
    await page.getByRole('button', { name: /Turn 4/ }).click()
    await page.locator('.call-head', { hasText: 'Editing src/orders.ts' }).waitFor()
    await panel.append({
      ...{ type: 'agent.toolResult', attempt: 1, turn: 4, id: 'call-1-3', isError: true },
      text: 'old does not occur exactly once.',
    })
    await page.locator('.turn-body .output', { hasText: 'old does not occur exactly once.' }).waitFor()
    await page.locator('.tool-error', { hasText: 'Could not edit src/orders.ts' }).waitFor()
    await panel.append({
      type: 'stage.progress',
      stage: 'repair',
      attempt: 1,
      message: 'turn 5 of 10',
      done: 5,
      total: 10,
    })
    await page.locator('.stage', { hasText: 'turn 5 of 10' }).waitFor()
    assert.equal(await page.getByRole('status').innerText(), 'Repair, attempt 1')
    await page.getByRole('button', { name: 'Cancel' }).click()
    await asked(panel, 1)
  })

  it('shows what a run that failed left, and opens its log', async () => {
    await using panel = await open('failed')
    const { page } = panel
    assert.equal(await page.getByRole('tab', { name: /Checks/ }).getAttribute('aria-selected'), 'true')
    assert.match(await page.locator('.counts').innerText(), /1\s+regressed/)
    await page.getByRole('button', { name: 'Open the full log of test, Repaired' }).click()
    await panel.page.waitForFunction(() => true)
    assert.match(panel.opened[0] ?? '', /^log test, repair [0-9a-f]{64}$/)
  })

  it('opens the diff editor, a file and the pull request', async () => {
    await using panel = await open('published')
    const { page } = panel
    await page.getByRole('button', { name: 'Open in diff editor' }).click()
    await page.getByRole('button', { name: 'Open src/orders.ts in the diff editor' }).click()
    await page.getByRole('button', { name: 'Open pull request' }).click()
    const { digest } = patchOf(panel)
    assert.deepEqual(panel.opened, [
      `diff ${digest}`,
      'file src/orders.ts',
      'link https://git.example.com/ada/storefront/pull/118 true',
    ])
    assert.equal(await page.getByRole('button', { name: /Approve/ }).count(), 0)
  })

  it('says why it broke, leads to the lines that meet it, and follows a stranger nowhere unasked', async () => {
    const log = rareSessions().get('explained')
    assert.ok(log)
    await using panel = await openPanel(browser, log)
    const { page } = panel
    const why = page.getByRole('region', { name: 'Why it broke' })
    await why.getByText('ERR_PACKAGE_PATH_NOT_EXPORTED').waitFor()
    await why.getByText('src/catalogue.ts:14 ', { exact: false }).first().waitFor()
    await why.getByRole('button', { name: 'src/catalogue.ts:14' }).click()
    await why.getByText('Its changelog').click()
    await why.getByRole('button', { name: '#482' }).click()
    assert.equal(await why.getByRole('button', { name: 'guide' }).count(), 0)
    assert.deepEqual(panel.opened, [
      'base src/catalogue.ts:14',
      'link https://git.example.com/acme/http-client/issues/482 false',
    ])
    assert.match(await why.innerText(), /<script>alert\('a stranger'\)<\/script>/)
    assert.equal(await page.locator('img, script:not([nonce]), a').count(), 0)
    await why.getByRole('button', { name: 'Show' }).click()
    await why.getByText('postinstall: node scripts/build.js --quiet').waitFor()
    assert.deepEqual(panel.complaints, [])
  })

  it('leads from a warning to each line that no check ran, in the change or beside it', async () => {
    const log = rareSessions().get('not-run')
    assert.ok(log)
    await using panel = await openPanel(browser, log)
    const warnings = panel.page.locator('.warnings')
    const box = warnings.locator('vscode-checkbox')
    const label = await box.evaluate((element) => (element as HTMLInputElement & { label: string }).label)
    assert.match(label, /no check ran them\. Nothing shows that they still work\./)
    await warnings.getByRole('button', { name: 'examples/checkout/main.ts:12' }).click()
    await warnings.getByRole('button', { name: 'src/orders.ts:9' }).click()
    assert.deepEqual(panel.opened, ['base examples/checkout/main.ts:12', 'file src/orders.ts:9'])
    await warnings.getByRole('button', { name: 'Retry with a test…' }).first().click()
    const words = panel.page.getByLabel('What should the agent do differently? (optional)')
    const wish = await words.inputValue()
    assert.match(
      wish,
      /^No check runs these lines: examples\/checkout\/main\.ts:7, .* Add tests that run them/,
    )
    await panel.page.getByRole('button', { name: 'Retry', exact: true }).click()
    await asked(panel, 1)
    assert.deepEqual(panel.asked, [{ do: 'retry', session: log.id, note: wish }])
    assert.deepEqual(panel.complaints, [])
  })

  it('begins with the error, whatever could not be loaded', async () => {
    const causes = loadErrors.flatMap((error) => loadFailure(error).causes.slice(0, 1))
    assert.equal(causes.length, loadErrors.length)
    const why = { failures: { list: causes, more: 0 } }
    await using panel = await openPanel(browser, explained('20260304-090000-bbbbb9', why), { height: 1600 })
    const section = panel.page.getByRole('region', { name: 'Why it broke' })
    await section.getByRole('button', { name: `${causes.length - 3} more causes` }).click()
    const shown = await section.locator('.causes > li').allInnerTexts()
    assert.equal(shown.length, causes.length)
    for (const [at, error] of loadErrors.entries()) {
      const { code, message = '' } = causes[at] ?? {}
      const words = [...(code === undefined ? [] : [code]), message.split('\n')[0]].join(' ')
      assert.ok(shown[at]?.trim().startsWith(words), `of ${error.what} it shows ${shown[at]}`)
    }
    assert.deepEqual(panel.complaints, [])
  })

  it('shows hostile text as text: no element of it, no request, no violation of the policy', async () => {
    await using panel = await open('hostile')
    const { page } = panel
    const shown = (await page.locator('body').innerText()).replaceAll('\n', ' ')
    for (const text of [
      shownName('Update <b>pkg</b>\u202e to \u001b]8;;https://attacker.example\u0007'),
      shownName(hostileText),
    ])
      assert.ok(shown.includes(text), `${text} is not shown literally`)
    await assertTexts(page, '.file-head .path', [shownName('src/<img src=x onerror=alert(2)>.ts')])
    const added = await page.locator('.line-added .code').first().innerText()
    assert.ok(added.includes(shownLine(`const a = "${hostileText}" // <script>alert(3)</script>`)), added)
    await page.getByRole('tab', { name: /Checks/ }).click()
    await assertTexts(page, '.group .name', [shownName(hostileText)])
    await assertTexts(page, '.failed .output', [shownText(hostileText)])
    await page.getByRole('tab', { name: /Judge/ }).click()
    await assertTexts(page, '.criterion .prose', Array(3).fill(shownText(hostileText)))
    await page.getByRole('tab', { name: /Timeline/ }).click()
    await page.getByRole('button', { name: /Turn 1/ }).click()
    await assertTexts(page, '.turn-body > .prose', [shownText(hostileText)])
    await page.getByText('Request and answer').click()
    await assertTexts(page, '.turn-body .output', [shownText(hostileText), shownText(hostileText)])
    assert.equal(await page.locator('img, script:not([nonce]), b, i, a, iframe').count(), 0)
    assert.deepEqual(panel.complaints, [])
    const steering = [...(await page.locator('body').innerText())].filter((character) =>
      '\u001b\u0007\u202e'.includes(character),
    )
    assert.deepEqual(steering, [])
  })

  it('can be used with the keyboard alone', async () => {
    await using panel = await open('warnings')
    const { page } = panel
    await page.locator('.virtual-row').first().waitFor()
    await walkTo(page, /brings a new install script/, 12)
    const before = await page.locator('#approve-why').innerText()
    await page.keyboard.press('Space')
    await page.locator('#approve-why', { hasText: 'Tick 2 warnings.' }).waitFor()
    assert.notEqual(before, 'Tick 2 warnings.')
    await walkTo(page, /^Changes/, 12)
    await page.keyboard.press('ArrowRight')
    assert.equal(await page.getByRole('tab', { name: /Checks/ }).getAttribute('aria-selected'), 'true')
    await page.keyboard.press('ArrowLeft')
    await page.locator('.virtual-row').first().waitFor()
    await page.keyboard.press('n')
    await page.waitForFunction(() => document.activeElement?.closest('.hunk-head') !== null)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.locator('#approve-why', { hasText: 'Verify without' }).waitFor()
  })

  for (const [theme, colors] of Object.entries(themes)) {
    it(`has no fault of accessibility, ${theme}`, async () => {
      const shown = {
        warnings: ['Changes', 'Judge'],
        failed: ['Checks'],
        running: ['Timeline'],
        'not-verified': ['Changes'],
      }
      for (const [name, tabs] of Object.entries(shown)) {
        await using panel = await open(name, { theme: colors, width: 900 })
        for (const tab of tabs) {
          await panel.page.getByRole('tab', { name: new RegExp(tab) }).click()
          assert.deepEqual(await faults(panel.page), [], `${name}, ${tab}`)
        }
      }
    })
  }

  it('has no fault of accessibility in any state, and no sideways scrolling at 500 px', async () => {
    for (const [name, log] of new Map([...fixtureSessions(), ...rareSessions()])) {
      await using panel = await openPanel(browser, log, { theme: themes.light, width: 500 })
      assert.deepEqual(await faults(panel.page), [], name)
      assert.deepEqual(await faintMarks(panel.page), [], name)
      for (const tab of ['Changes', 'Checks', 'Judge', 'Timeline']) {
        await panel.page.getByRole('tab', { name: new RegExp(tab) }).click()
        const over = await panel.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        assert.ok(over <= 0, `${name}, ${tab}: ${over} px too wide`)
      }
    }
  })
})

const waits = { type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' } as const

function fixturePatch(name: string) {
  return patchOf({ log: fixture(name) })
}

function fixture(name: string): SessionLog {
  const log = fixtureSessions().get(name)
  assert.ok(log)
  return log
}

async function asked({ asked: requests, page }: OpenPanel, count: number): Promise<void> {
  const until = Date.now() + 5000
  while (requests.length < count && Date.now() < until)
    await page.evaluate(() => new Promise(requestAnimationFrame))
  assert.equal(requests.length, count)
}

function patchOf({ log }: Pick<OpenPanel, 'log'>) {
  const made = log.events.findLast((event) => event.type === 'patch.made')
  assert.ok(made?.type === 'patch.made')
  return made.patch
}

function warningOf({ log }: OpenPanel) {
  const raised = log.events.find((event) => event.type === 'warning.raised')
  assert.ok(raised?.type === 'warning.raised')
  return raised.warning
}

function isChecked(element: Element): boolean {
  return (element as HTMLInputElement).checked
}

async function assertTexts(page: Page, selector: string, texts: readonly string[]): Promise<void> {
  await page.locator(selector).first().waitFor({ state: 'attached' })
  assert.deepEqual(await page.locator(selector).allTextContents(), texts)
}

/** Presses Tab until what has the focus is named so. */
async function walkTo(page: Page, name: RegExp, atMost: number): Promise<void> {
  const seen: string[] = []
  for (let pressed = 0; pressed < atMost; pressed += 1) {
    await page.keyboard.press('Tab')
    const label = await page.evaluate(() => {
      const focused = document.activeElement as (Element & { readonly label?: string }) | null
      return focused?.label ?? focused?.textContent ?? ''
    })
    seen.push(label)
    if (name.test(label)) return
  }
  assert.fail(`${name} was not reached: ${seen.join(' | ')}`)
}

/** Marks below 3:1 against what is behind them; axe looks at text alone. */
async function faintMarks(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement('canvas')
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    if (pen === null) throw new Error('there is no canvas')
    const luminance = (color: string): number => {
      pen.fillStyle = color
      pen.fillRect(0, 0, 1, 1)
      const [r = 0, g = 0, b = 0] = [...pen.getImageData(0, 0, 1, 1).data].map((value) => {
        const part = value / 255
        return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const ground = (element: Element | null): string => {
      const color = element === null ? 'white' : getComputedStyle(element).backgroundColor
      return color === 'rgba(0, 0, 0, 0)' ? ground(element?.parentElement ?? null) : color
    }
    return [...document.querySelectorAll('svg.icon')].flatMap((icon) => {
      const [a, b] = [luminance(getComputedStyle(icon).color), luminance(ground(icon.parentElement))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      return ratio < 3 ? [`${icon.getAttribute('class')} ${ratio.toFixed(2)}`] : []
    })
  })
}

async function faults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run())
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ target, failureSummary }) => `${target} ${failureSummary}`)
        .slice(0, 3)
        .join('; ')}`,
  )
}
