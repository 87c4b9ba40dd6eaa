import assert from 'node:assert/strict'
import { folderDigest, git } from '../support/repository.ts'
import { takePicture } from '../support/vscode/blackBox.ts'
import { until } from '../support/vscode/gesture.ts'
import type { EditorWindow } from '../support/vscode/window.ts'
import { githubToken, modelKey, openWorld, type World } from '../support/vscode/world.ts'

const approve = 'vscode-button.approve'
const ready = `${approve}[aria-disabled="false"]`

/** The pull request as it will be, taken from the real runner, and written otherwise by keyboard. */
async function rewordPullRequest({ review }: EditorWindow): Promise<void> {
  await review.getByRole('tab', { name: 'Pull request' }).click()
  const title = review.getByLabel('Title')
  await title.waitFor()
  assert.match(await title.inputValue(), /[Uu]pdate uuid/)
  await review.locator('.fixed', { hasText: 'Before and after' }).waitFor()
  await title.fill('Mine, of the editor')
  await review.getByRole('button', { name: 'Edit source' }).click()
  await review.getByLabel('Your part of the text').fill('My own words.')
  await review.locator('.fixed', { hasText: 'Above: the words of' }).waitFor()
  await review.locator('#approve-why', { hasText: 'goes with your changes' }).waitFor()
}

describe('from the palette to the pull request', () => {
  let world: World
  let window: EditorWindow
  before(async () => {
    world = await openWorld({ fixture: 'breaking-update' })
    window = await world.open()
    await window.answer('Agent: Set API Key', 'Set API Key', modelKey)
  })
  after(async () => {
    await window?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })
  afterEach(() => world.model.release())

  /** Update Dependency in the palette, with the version typed, since the recorded repair is for it. */
  async function update(within: EditorWindow, wish = 'uuid@9'): Promise<void> {
    // What takes the focus closes a quick pick, as it does for a person, who then asks again.
    const found = within.rows.filter({ hasText: '→' })
    await until(found, async () => {
      if (!(await within.question('Update Dependency').isVisible()))
        await within.run('Agent: Update Dependency…')
    })
    await within.input.fill(wish)
    await within.choose('Update uuid to 9')
  }

  it('updates, repairs, shows it live, and opens the pull request that was approved', async () => {
    const before = await folderDigest(world.root)
    await update(window)
    await window.review.getByText('Install', { exact: false }).first().waitFor()
    const waiting = await world.until('waiting for review', ({ state }) => state === 'waiting')
    assert.deepEqual([waiting.matrix?.green, waiting.verdict?.decision], [true, 'approve'])
    assert.ok(world.model.requests.length > 0)
    assert.deepEqual(
      [...new Set(world.model.requests.map(({ headers }) => headers.authorization))],
      [`Bearer ${modelKey}`],
    )
    await rewordPullRequest(window)
    await window.review.locator(ready).click()
    await window.confirm('Allow')
    const published = await world.until('published', ({ outcome }) => outcome === 'published')
    const branch = published.branch ?? ''
    assert.match(branch, /^drydock\//)
    assert.equal(await git(world.remote, 'rev-parse', branch), published.commit)
    const answer = await fetch(`${world.github}/repos/acme/shop/pulls`, {
      headers: {
        authorization: `token ${githubToken}`,
        ...{ 'user-agent': 'test', 'x-github-api-version': '2022-11-28' },
      },
    })
    const [pull, ...others] = (await answer.json()) as {
      head: { ref: string }
      title: string
      body: string
    }[]
    assert.deepEqual([pull?.head.ref, pull?.title, others.length], [branch, 'Mine, of the editor', 0])
    assert.match(
      pull?.body ?? '',
      /^My own words\.\n\n---\n\*Above: the words of [\s\S]*### Before and after/,
    )
    await window.review.getByText('Open pull request').waitFor()
    await window.showSessions()
    await window.sessions.filter({ hasText: 'published' }).waitFor()
    assert.equal(await folderDigest(world.root), before)
    assert.deepEqual(
      window.complaints.filter((text) => /content.security|refused to/i.test(text)),
      [],
    )
  })

  it('goes on while the window is loaded again, and the panel comes back', async () => {
    world.model.hold()
    await update(window)
    const running = await world.until('in its repair', ({ stage }) => stage?.startsWith('Repair') === true)
    await window.reload()
    world.model.release()
    const waiting = await world.until('waiting for review', ({ state }) => state === 'waiting')
    assert.equal(waiting.id, running.id)
    await window.review.locator(ready).waitFor()
  })

  it('checks the change out into a work tree of its own, in a window of its own', async () => {
    const own = () =>
      Promise.all(
        [
          ['status', '--porcelain=v2', '--branch'],
          ['branch', '--all', '-v'],
          ['stash', 'list'],
        ].map((args) => git(world.root, ...args)),
      )
    const before = await own()
    const coming = window.page.context().waitForEvent('page')
    await window.review.getByRole('button', { name: 'Check out locally' }).click()
    const page = await coming
    await page.waitForURL(/[?&]folder=/)
    const folder = new URL(page.url()).searchParams.get('folder') ?? ''
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'package.json' })
      .first()
      .waitFor()
    await takePicture(page, 'checked-out')
    await page.close()
    const { patch } = await world.until('waiting for review', ({ state }) => state === 'waiting')
    const changed = (await git(folder, 'status', '--porcelain'))
      .split('\n')
      .map((line) => line.trim().slice(2))
    assert.deepEqual(changed.map((path) => path.trim()).sort(), patch?.files.map(({ path }) => path).sort())
    assert.deepEqual(await own(), before)
  })

  it('verifies anew without a hunk, and refuses approval until it is green', async () => {
    const { patch, id } = await world.until('waiting for review', ({ state }) => state === 'waiting')
    const drop = window.review.getByRole('button', { name: 'Drop file src/shipments.js' }).first()
    await drop.click()
    await window.review.locator(`${approve}[aria-disabled="true"]`).waitFor()
    await window.review.getByText('Verify without it').click()
    const less = await world.until(
      'verified without it',
      ({ stage, name, state }) => stage === null && state === 'waiting' && name === 'not-green',
    )
    assert.deepEqual([less.id, less.patch?.source, less.matrix?.green], [id, 'reviewer', false])
    assert.notEqual(less.patch?.digest, patch?.digest)
    await window.review.locator(`${approve}[aria-disabled="true"]`).waitFor()
  })

  it('shows the same session in a second window, and its end in both', async () => {
    await using second = await world.open()
    await second.showSessions()
    await second.openReview('not green')
    await second.review.getByText('Reject…').click()
    await second.review.locator('textarea').fill('Shipments are needed.')
    await second.review.locator('.reason vscode-button', { hasText: 'Reject' }).click()
    const rejected = await world.until('rejected', ({ outcome }) => outcome === 'rejected')
    assert.match(rejected.reason ?? '', /Shipments are needed/)
    await window.review.getByText('This session is over.').waitFor()
  })

  it('ends without a pull request where the judge vetoes, and says so', async () => {
    world.model.judge = 'veto'
    await update(window)
    const vetoed = await world.until('vetoed', ({ outcome }) => outcome === 'vetoed')
    world.model.judge = 'approve'
    assert.equal(vetoed.branch, null)
    await window.review
      .getByText((vetoed.reason ?? 'no reason').slice(0, 40))
      .first()
      .waitFor()
    assert.equal(await window.review.locator(approve).count(), 0)
    await window.review.getByText('Retry…').waitFor()
  })

  it('cancels a session at work, from the palette', async () => {
    world.model.hold()
    await update(window)
    await world.until('at work', ({ state, stage }) => state === 'running' && stage !== null)
    await window.ask('Agent: Cancel', 'Cancel which')
    await window.choose('uuid')
    const cancelled = await world.until('cancelled', ({ outcome }) => outcome === 'cancelled')
    world.model.release()
    assert.equal(cancelled.branch, null)
    await window.showSessions()
    await window.sessions.filter({ hasText: 'cancelled' }).waitFor()
  })
})
