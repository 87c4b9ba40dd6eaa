import assert from 'node:assert/strict'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { discard } from '../support/keys.ts'
import { before as base } from '../support/panel/files.ts'
import { baseTree } from '../support/panel/log.ts'
import { fixtureSessions } from '../support/panel/sessions.ts'
import { git } from '../support/repository.ts'
import { launchBrowser } from '../support/vscode/browser.ts'
import { type CodeServer, sharedExtensions, startCodeServer } from '../support/vscode/codeServer.ts'
import { type EditorWindow, openWindow } from '../support/vscode/window.ts'

describe('the review panel in the editor', () => {
  const stack = new AsyncDisposableStack()
  let browser: Browser
  let server: CodeServer
  let window: EditorWindow
  let work: string
  before(async () => {
    const home = await mkdtemp(join(tmpdir(), 'drydock-panel-'))
    stack.defer(() => discard(home))
    work = join(home, 'storefront')
    await waitingSession(home, work)
    server = stack.use(
      await startCodeServer({ extensions: await sharedExtensions(), env: { DRYDOCK_HOME: home } }),
    )
    browser = await launchBrowser()
    stack.defer(() => browser.close())
    window = stack.use(await openWindow(browser, server.windowOf(work)))
    await window.showSessions()
    await window.openReview('http-client')
    await window.review.locator('.line').first().waitFor()
  })
  after(() => stack.disposeAsync())

  it('opens the patch in the editor’s own view of many files', async () => {
    await window.review.getByRole('button', { name: 'Open in diff editor' }).click()
    const { page } = window
    await page.locator('.multiDiffEntry', { hasText: 'ci.yml' }).waitFor()
    await page
      .locator('.view-line', { hasText: /node-version:.20/ })
      .first()
      .waitFor()
    await window.picture('multi-diff')
    await backToPanel()
  })

  it('opens one file before and after', async () => {
    await window.review.getByRole('button', { name: 'Open src/catalogue.ts in the diff editor' }).click()
    await window.page.locator('.modified .view-line', { hasText: 'timeoutMs' }).first().waitFor()
    await window.page
      .locator('.original .view-line', { hasText: /retries:.3/ })
      .first()
      .waitFor()
    await backToPanel()
  })

  it('opens a whole log', async () => {
    await window.review.getByRole('tab', { name: /Checks/ }).click()
    await window.review.getByRole('button', { name: 'Open the full log of build, Update' }).click()
    await window.page.locator('.view-line', { hasText: 'TS2559' }).first().waitFor()
    await backToPanel()
    await window.review.getByRole('tab', { name: /Changes/ }).click()
  })

  it('comes back with its ticks when the window is loaded again', async () => {
    await window.review.locator('vscode-checkbox').first().click()
    const left = window.review.locator('#approve-why', { hasText: 'Tick 2 warnings.' })
    await left.waitFor()
    await window.reload()
    await left.waitFor()
    await window.picture('review')
  })

  it('broke no policy', () => {
    const broken = window.complaints.filter((text) => /content.security|refused to|violates/i.test(text))
    assert.deepEqual(broken, [])
  })

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.picture('failed')
  })

  async function backToPanel(): Promise<void> {
    await window.page.locator('.tabs-container .tab', { hasText: 'Review: ' }).click()
    await window.review.getByRole('tablist').waitFor()
  }
})

/** A session that waits for review, on a repository that is there; its patch is against the repository's commit. */
async function waitingSession(home: string, work: string): Promise<void> {
  for (const [path, text] of Object.entries(base)) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), text)
  }
  await git(work, 'init', '--quiet', '--initial-branch=main')
  await git(work, 'add', '--all')
  await git(work, 'commit', '--quiet', '--message', 'First version')
  const tree = await git(work, 'rev-parse', 'HEAD^{tree}')
  const log = fixtureSessions().get('warnings')
  assert.ok(log)
  const folder = join(home, 'sessions', log.id)
  await mkdir(join(folder, 'artifacts'), { recursive: true })
  await git(home, 'clone', '--quiet', '--bare', work, join(folder, 'repo.git'))
  for (const [digest, bytes] of log.artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
  await writeFile(join(folder, 'events.jsonl'), log.text.replaceAll(baseTree, tree))
}
