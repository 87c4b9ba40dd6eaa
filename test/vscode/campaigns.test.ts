import assert from 'node:assert/strict'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CampaignEvent } from '../../src/contract/fleet/events.ts'
import { campaignsHome } from '../../src/store/campaign.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { playedCampaign } from '../support/campaign.ts'
import { fixtureRepository } from '../support/repository.ts'
import { launchBrowser } from '../support/vscode/browser.ts'
import { sharedExtensions, startCodeServer } from '../support/vscode/codeServer.ts'
import { fillSessions } from '../support/vscode/manySessions.ts'
import { type EditorWindow, openWindow } from '../support/vscode/window.ts'

const lineOf = (event: CampaignEvent): string => `${JSON.stringify(event)}\n`

describe('campaigns in the editor', () => {
  const stack = new AsyncDisposableStack()
  let window: EditorWindow
  let folder: string
  let later: readonly CampaignEvent[]
  before(async () => {
    const home = await mkdtemp(join(tmpdir(), 'drydock-campaigns-'))
    stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 5 }))
    const sessions = join(home, 'sessions')
    await fillSessions(sessions, 4)
    const [first = ''] = (await readdir(sessions)).sort()
    folder = join(campaignsHome(sessions), 'uuid-9')
    await mkdir(folder, { recursive: true })
    const { events } = playedCampaign(
      ['acme/shop', 'acme/mail', 'acme/site'].map((repository) => ({
        ...{ repository, outcome: 'setup-failed', reason: 'There is no engine.' },
      })),
    )
    // One of them ran on this machine, and its log is there.
    const here = events.map((event) =>
      event.type === 'campaign.created'
        ? { ...event, campaign: { ...event.campaign, canary: undefined } }
        : 'session' in event && event.key === '0'.repeat(16)
          ? { ...event, session: first }
          : event,
    )
    // The last one is still to begin.
    later = here.slice(6)
    await writeFile(join(folder, 'events.jsonl'), here.slice(0, 6).map(lineOf).join(''))
    const repository = stack.use(await fixtureRepository('clean-update'))
    const server = stack.use(
      await startCodeServer({ extensions: await sharedExtensions(), env: { DRYDOCK_HOME: home } }),
    )
    const browser = await launchBrowser()
    stack.defer(() => browser.close())
    window = stack.use(await openWindow(browser, server.windowOf(repository.root)))
    await window.run('Agent: Show Sessions')
  })
  after(() => stack.disposeAsync())

  const row = (text: string | RegExp) =>
    window.page.locator('#workbench\\.view\\.extension\\.drydock .monaco-list-row', { hasText: text }).first()
  const button = (name: string | RegExp) => window.review.getByRole('toolbar').getByRole('button', { name })
  const types = async (): Promise<readonly string[]> =>
    (await readFile(join(folder, 'events.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as CampaignEvent).type)

  it('have a view of their own, which says where nobody is at work, and lists every repository', async () => {
    await row(/uuid-9.*nobody is at work on it/).waitFor()
    await row('uuid-9').click()
    await window.review.getByRole('heading', { name: 'uuid-9', level: 1 }).waitFor()
    await row('uuid-9').locator('.monaco-tl-twistie').click()
    await row('acme/shop').waitFor()
    await row(/acme\/site.*not begun yet/).waitFor()
    await button('Resume').waitFor()
    assert.equal(await button('Pause').count(), 0)
    await window.picture('campaign')
  })

  it('are paused from the page, by the runner, while somebody is at work', async () => {
    const lock = await acquireLock(folder, (socket) => socket.destroy())
    try {
      await button('Pause').click()
      await window.review.getByText('Stage: paused').waitFor()
      assert.equal((await types()).at(-1), 'campaign.paused')
      await button('Resume').click()
      await button('Pause').waitFor()
      assert.equal((await types()).at(-1), 'campaign.resumed')
    } finally {
      await lock.release()
    }
  })

  it('are drawn as their logs grow, in the tree and on the page', async () => {
    await appendFile(join(folder, 'events.jsonl'), later.map(lineOf).join(''))
    await row(/acme\/site.*could not be set up/).waitFor()
    await button(/^Retry Failed \(\d\)$/).waitFor()
    await button('Cancel').waitFor({ state: 'detached' })
  })

  it('lead from a repository to its session', async () => {
    await row('acme/shop').click()
    await window.review.locator('.head h1').waitFor()
  })
})
