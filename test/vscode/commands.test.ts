import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import type { SessionView } from '../../src/contract/sessionView.ts'
import type { SessionSummary } from '../../src/extension/sessions/summary.ts'
import { requestStatus } from '../../src/store/control.ts'
import { fixtureRepository, git } from '../support/repository.ts'
import { ROOT } from '../support/vscode/codeServer.ts'
import { until } from '../support/vscode/gesture.ts'
import { playedChanges } from '../support/vscode/playedChanges.ts'
import type { EditorWindow } from '../support/vscode/window.ts'
import { githubToken, modelKey, openWorld, type World } from '../support/vscode/world.ts'

const waiting = ({ state, stage }: SessionSummary): boolean => state === 'waiting' && stage === null

/** Every command that the main flow does not need, on one desk: a monorepo whose packages share a dependency. */
describe('the other commands', () => {
  const played = playedChanges()
  let world: World
  let window: EditorWindow
  before(async () => {
    world = await openWorld({
      ...{ fixture: 'two-packages', play: played },
      settings: { 'drydock.maxConcurrentSessions': 1 },
    })
    window = await world.open()
    await window.answer('Agent: Set API Key', 'Set API Key', modelKey)
  })
  after(async () => {
    await window?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })
  afterEach(() => world.model.release())

  const known = new Set<string>()
  /** The session that no test has seen yet, once it is like this. */
  const next = (what: string, holds: (summary: SessionSummary) => boolean): Promise<SessionView> =>
    world.until(what, (summary) => !known.has(summary.id) && holds(summary))
  const ended = async (id: string, holds: (summary: SessionSummary) => boolean): Promise<SessionView> => {
    known.add(id)
    return world.until(`${id} at its end`, (summary) => summary.id === id && holds(summary))
  }
  const status = (text: string) => window.page.locator('.statusbar-item', { hasText: text })
  const pulls = async (): Promise<readonly string[]> => {
    const headers = {
      authorization: `token ${githubToken}`,
      ...{ 'user-agent': 'test', 'x-github-api-version': '2022-11-28' },
    }
    const answer = await fetch(`${world.github}/repos/acme/shop/pulls`, { headers })
    return ((await answer.json()) as { head: { ref: string } }[]).map(({ head }) => head.ref)
  }

  it('starts a session for each dependency ticked, one after the other, and goes on without a window', async () => {
    world.model.hold()
    await window.ask('Agent: Update Outdated Dependencies…', 'Update Outdated Dependencies')
    const manifests = ['packages/clock/package.json', 'packages/label/package.json']
    await window.tick(...manifests.map((manifest) => new RegExp(`^\\s*ms.*${manifest}`, 's')))
    const atWork = ({ state }: SessionSummary): boolean => state === 'running'
    const queued = await next('queued', (summary) => {
      return summary.state === 'queued' && world.store.list().some(atWork)
    })
    await window.sessions.filter({ hasText: 'waiting for a free slot' }).waitFor()
    await status('2 running').waitFor()
    known.add(queued.id)
    const running = await next('at work', atWork)
    const reopen = await window.leave(queued.id, running.id)
    world.model.release()
    const both = [await ended(running.id, waiting), await ended(queued.id, waiting)]
    window = await reopen()
    assert.deepEqual(
      both.map(({ task }) => (task.kind === 'dependency-update' ? task.manifest : '')).sort(),
      manifests,
    )
    for (const { task, patch, matrix } of both) {
      const own = task.kind === 'dependency-update' ? task.manifest : undefined
      assert.deepEqual(patch?.files.map(({ path }) => path).sort(), ['package-lock.json', own])
      assert.equal(matrix?.green, true)
    }
    await status('2 to review').waitFor()
    await window.told('ready to approve')
    await window.showSessions()
    for (const folder of ['packages/clock', 'packages/label'])
      await window.sessions.filter({ hasText: `in ${folder}` }).waitFor()
  })

  it('rejects from the tree, and publishes from it', async () => {
    await window.sessionMenu('in packages/clock', 'Reject')
    await window.reply('Reject', 'Another time.')
    const rejected = await world.until('rejected', ({ outcome }) => outcome === 'rejected')
    assert.equal(rejected.reason, 'Rejected: Another time.')
    await window.sessions.filter({ hasText: 'rejected' }).waitFor()
    await status('1 to review').waitFor()
    await window.sessionMenu('in packages/label', 'Publish Pull Request')
    await window.confirm('Create Pull Request')
    await window.confirm('Allow')
    const published = await world.until('published', ({ outcome }) => outcome === 'published')
    assert.equal(await git(world.remote, 'rev-parse', published.branch ?? ''), published.commit)
    assert.deepEqual(await pulls(), [published.branch])
    await status('to review').waitFor({ state: 'hidden' })
  })

  it('tells of a session that failed', async () => {
    await window.ask('Agent: Update Dependency…', 'Update Dependency')
    await window.input.fill('he@99.0.0')
    await window.choose('Update he to 99')
    const failed = await next('set up in vain', ({ outcome }) => outcome === 'setup-failed')
    known.add(failed.id)
    await window.review
      .getByText((failed.reason ?? 'no reason').slice(0, 40))
      .first()
      .waitFor()
    await window.showSessions()
    await window.sessions.filter({ hasText: 'could not be set up' }).waitFor()
  })

  it('makes a change that was typed; a runner that is killed shows, and its retry starts warm', async () => {
    world.model.hold()
    await window.run('Agent: Run Migration or Refactor…')
    await window.choose('Describe the change')
    await window.reply('Run Migration or Refactor', 'The README has an article in its title.')
    await window.choose('Refactor')
    const atWork = await next('in its repair', ({ stage }) => stage?.startsWith('Repair') === true)
    const { pid = 0 } = (await requestStatus(join(world.store.home, atWork.id))) ?? {}
    process.kill(pid, 'SIGKILL')
    const killed = await ended(atWork.id, ({ outcome }) => outcome === 'interrupted')
    assert.equal(killed.task.kind, 'refactor')
    await window.sessions.filter({ hasText: 'interrupted' }).waitFor()
    world.model.release()
    await window.sessionMenu('interrupted', 'Retry')
    await window.reply('Retry', 'Say The.')
    const again = await next('waiting for review', waiting)
    await ended(again.id, waiting)
    assert.deepEqual(again.task.retry, { of: killed.id, note: 'Say The.' })
    const prepared = again.stages.filter(({ name }) => name === 'prepare' || name === 'verify')
    const base = prepared.filter(({ role }) => role === 'base')
    assert.deepEqual([...new Set(base.map(({ cached }) => cached))], [true])
    assert.ok(played.heard.some((text) => text.includes('The reviewer asks: Say The.')))
    assert.deepEqual(
      again.patch?.files.map(({ path }) => path),
      ['README.md'],
    )
  })

  it('makes a change of a task file, and tries it again with what the panel was told', async () => {
    await window.run('Agent: Run Migration or Refactor…')
    await window.choose('.drydock/tasks/number-format.md')
    const first = await next('waiting for review', waiting)
    await ended(first.id, waiting)
    const { task } = first
    assert.deepEqual(
      [task.kind, task.kind === 'migration' && task.title],
      ['migration', 'Prices by Intl.NumberFormat'],
    )
    await window.review.locator('vscode-button.approve[aria-disabled="false"]').waitFor()
    await window.review.getByText('Retry…').click()
    await window.review.locator('textarea').fill('Keep it as short as it was.')
    await window.review.locator('.reason vscode-button', { hasText: 'Retry' }).click()
    const second = await next('waiting for review', waiting)
    await ended(second.id, waiting)
    const sentBack = await world.store.load(first.id)
    assert.equal(sentBack.outcome, 'rejected')
    assert.deepEqual(second.task.retry, { of: first.id, note: 'Keep it as short as it was.' })
    assert.equal(second.patch?.digest, first.patch?.digest)
    assert.ok(played.heard.some((text) => text.includes('The reviewer asks: Keep it as short as it was.')))
    // The panel went on to the new session.
    await window.review.locator('vscode-button.approve[aria-disabled="false"]').waitFor()
  })

  it('shows what a terminal started, and publishes it from the palette', async () => {
    const program = join(ROOT, 'dist/drydock.mjs')
    const args = ['update', 'he', '--repo', world.root, '--no-review', '--github-api-url', world.github]
    const played = { ANTHROPIC_BASE_URL: world.model.url, ANTHROPIC_API_KEY: modelKey }
    await promisify(execFile)(process.execPath, [program, ...args], {
      env: { ...process.env, ...played, ANTHROPIC_AUTH_TOKEN: undefined, DRYDOCK_HOME: world.home },
    })
    const started = await next('waiting for review', waiting)
    known.add(started.id)
    await window.showSessions()
    await window.openReview('he 1.1.1')
    await window.review.locator('vscode-button.approve[aria-disabled="false"]').waitFor()
    await window.pick('Agent: Publish Pull Request', 'Publish which session', 'he 1.1.1', window.dialog)
    await window.confirm('Create Pull Request')
    const published = await ended(started.id, ({ outcome }) => outcome === 'published')
    assert.ok((await pulls()).includes(published.branch ?? 'none'))
  })

  it('rejects from the palette', async () => {
    await window.pick('Agent: Reject', 'Reject which session', 'Prices by Intl', window.box('Reject'))
    await window.reply('Reject', '')
    await world.until('rejected', ({ outcome, reason, title }) => {
      return outcome === 'rejected' && title.startsWith('Prices') && reason === 'Rejected.'
    })
  })

  it('filters the sessions, and shows all again', async () => {
    await window.showSessions()
    const all = await window.sessions.count()
    await window.viewAction('Filter Sessions…')
    await window.reply('Filter Sessions', 'published he 1.1.1')
    await window.sessions.filter({ hasText: 'ms 2.0.0' }).first().waitFor({ state: 'hidden' })
    await window.page.getByText('Only sessions with “published he 1.1.1”').waitFor()
    await window.viewAction('Clear Filter')
    await window.sessions.nth(all - 1).waitFor()
  })

  it('reveals the log', async () => {
    await window.sessionMenu('he 1.1.1', 'Reveal Log')
    await window.page.locator('.tab.active', { hasText: 'events.jsonl' }).waitFor()
    await window.page.locator('.view-line', { hasText: 'session.created' }).first().waitFor()
  })

  it('deletes a session for good, once it is confirmed', async () => {
    const before = world.store.list().length
    await window.sessionMenu('could not be set up', 'Delete Session')
    await window.confirm('Delete')
    await window.sessions.filter({ hasText: 'could not be set up' }).waitFor({ state: 'hidden' })
    await world.store.refresh()
    assert.equal(world.store.list().length, before - 1)
  })

  it('asks which repository of a window with several folders is meant', async () => {
    await using other = await fixtureRepository('clean-update')
    const file = join(world.home, 'both.code-workspace')
    await writeFile(file, JSON.stringify({ folders: [{ path: world.root }, { path: other.root }] }))
    await using both = await world.open(file)
    // An editor in a browser may show the first window on such a file without its folders, and leave it so.
    const folder = both.page.locator('.explorer-folders-view .monaco-list-row', {
      hasText: basename(other.root),
    })
    await until(folder, () => both.reload())
    const found = both.rows.filter({ hasText: '→' })
    await until(found, async () => {
      if (await both.question('Update Dependency').isVisible()) return
      await both.ask('Agent: Update Dependency…', 'Which repository?')
      await both.choose(other.root)
      await both.question('Update Dependency').waitFor()
    })
    const rows = await found.allInnerTexts()
    assert.deepEqual(
      rows.map((text) => /^\s*ms/.test(text) && !text.includes('packages/')),
      [true],
    )
    await both.dismiss()
  })
})
