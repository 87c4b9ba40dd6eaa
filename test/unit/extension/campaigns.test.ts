import assert from 'node:assert/strict'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CampaignEvent } from '../../../src/contract/fleet/events.ts'
import { campaignRows, firstRepositories } from '../../../src/extension/campaigns/campaignRows.ts'
import {
  type CampaignEntry,
  campaignsHere,
  campaignsOfQueue,
  isKnown,
  openCampaignStore,
} from '../../../src/extension/campaigns/campaignStore.ts'
import { campaignContent } from '../../../src/extension/campaigns/content.ts'
import { bareSummary, type SessionSummary } from '../../../src/extension/sessions/summary.ts'
import { acquireLock } from '../../../src/store/lock.ts'
import { mixedCampaign, playedCampaign, sessionOf } from '../../support/campaign.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const now = Date.parse('2026-01-01T12:00:00.000Z')
const lineOf = (event: CampaignEvent): string => `${JSON.stringify(event)}\n`

function summary(at: number, more: Partial<SessionSummary>): SessionSummary {
  return { ...bareSummary(sessionOf(at), 'done', null), updatedAt: '2026-01-01T10:00:00.000Z', ...more }
}

function entryOf({ state }: Pick<ReturnType<typeof mixedCampaign>, 'state'>, atWork = true): CampaignEntry {
  return { name: state.campaign.name, state, atWork }
}

describe('campaigns on this machine', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(() => folder[Symbol.asyncDispose]())

  async function write(events: readonly CampaignEvent[]): Promise<string> {
    const place = join(folder.path, 'uuid-9')
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'events.jsonl'), events.map(lineOf).join(''))
    return place
  }

  /** Resolves with what there is once it is so. */
  async function until(
    store: ReturnType<typeof openCampaignStore>,
    holds: (one: CampaignEntry | undefined) => boolean,
  ) {
    for (;;) {
      const found = store.find('uuid-9')
      if (holds(found)) return found
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error('it never came to that')), 20_000)
        const listening = store.onDidChange(() => {
          clearTimeout(late)
          listening.dispose()
          resolve()
        })
      })
    }
  }

  it('are followed as their logs grow, and known to be at work while somebody holds their lock', async () => {
    const { events } = mixedCampaign()
    const place = await write(events.slice(0, 4))
    const store = openCampaignStore(campaignsHere(folder.path, 20))
    try {
      await store.ready
      const first = store.find('uuid-9')
      assert.ok(isKnown(first) && !first.atWork)
      assert.equal(first.state.jobs.filter(({ status }) => status === 'ended').length, 1)
      await appendFile(join(place, 'events.jsonl'), events.slice(4, 9).map(lineOf).join(''))
      await until(
        store,
        (one) => isKnown(one) && one.state.jobs.filter(({ status }) => status === 'ended').length > 1,
      )
      const lock = await acquireLock(place, (socket) => socket.destroy())
      await until(store, (one) => isKnown(one) && one.atWork)
      await lock.release()
      await until(store, (one) => isKnown(one) && !one.atWork)
    } finally {
      await store.dispose()
    }
  })

  it('that are damaged are named, and come back when they are mended', async () => {
    const { events } = mixedCampaign()
    await write(events.slice(1))
    const store = openCampaignStore(campaignsHere(folder.path, 20))
    try {
      await store.ready
      const [damaged] = store.list()
      assert.ok(damaged !== undefined && !isKnown(damaged))
      assert.match(damaged.problem, /damaged at line 1/)
      await write(events)
      await until(store, isKnown)
    } finally {
      await store.dispose()
    }
  })

  it('of a queue are asked for rarely, and a queue that is away takes none of them', async () => {
    const { state } = mixedCampaign()
    let [asked, wanted, away] = [0, false, false]
    const ask = async () => {
      asked += 1
      if (away) throw new Error('away')
      return [structuredClone(state)]
    }
    const store = openCampaignStore(campaignsOfQueue(ask, () => wanted, 1_000_000))
    try {
      await store.ready
      const first = store.find('uuid-9')
      await store.refresh()
      assert.equal(asked, 1)
      wanted = true
      await store.refresh()
      assert.deepEqual([asked, store.find('uuid-9') === first, store.problem], [2, true, undefined])
      away = true
      await store.refresh()
      assert.deepEqual([store.find('uuid-9') === first, store.problem !== undefined], [true, true])
    } finally {
      await store.dispose()
    }
  })
})

describe('rows of the view of campaigns', () => {
  it('put what runs and what failed first, and open what is on this machine', () => {
    const here = [summary(0, { outcome: 'merged', pullRequest: 'https://git.example.com/acme/shop/pull/7' })]
    const sessions = new Map(here.map((one) => [one.id, one]))
    const { text, rows, hidden } = campaignRows(entryOf(mixedCampaign()), sessions, { most: 50, now })
    assert.equal(hidden, 0)
    assert.match(text.description, /^rest · 16 of 17 · 9 failed · \$1\.82$/)
    const order = rows.map(({ text: row }) => row.description.split(' · ')[0])
    assert.deepEqual(order.slice(0, 4), ['not reached', 'not reached', 'at work', 'could not be set up'])
    const shop = rows.find(({ text: row }) => row.title === 'acme/shop')
    // Its own log has not heard of the merge yet.
    assert.deepEqual([shop?.session, shop?.text.description], [sessionOf(0), 'merged · canary · $0.42'])
    const mail = rows.find(({ text: row }) => row.title === 'acme/mail')
    assert.deepEqual(
      [mail?.session, /on another machine$/.test(mail?.text.description ?? '')],
      [undefined, true],
    )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
    assert.doesNotMatch(JSON.stringify(rows.map(({ text: row }) => row.title)), /[\u0000-\u001f\u202e]/)
  })

  it('say so where nobody is at work, and where the log is damaged', () => {
    const none = new Map<string, SessionSummary>()
    const dead = campaignRows(entryOf(mixedCampaign(), false), none, { most: 50, now })
    assert.match(dead.text.description, /^nobody is at work on it · /)
    const damaged = campaignRows({ name: 'x', problem: 'It is empty.' }, none, { most: 50, now })
    assert.deepEqual([damaged.text.description, damaged.rows.length], ['log is damaged', 0])
  })

  it('show long ones in parts', () => {
    const many = Array.from({ length: 400 }, (_, at) => ({
      repository: `r${at}`,
      outcome: 'up-to-date' as const,
    }))
    const rows = campaignRows(entryOf(playedCampaign(many)), new Map(), { most: firstRepositories, now })
    assert.deepEqual([rows.rows.length, rows.hidden], [50, 350])
  })
})

describe("what a campaign's page is told", () => {
  it('is the report with what became of sessions since, what may be done, and what is here', async () => {
    const played = mixedCampaign()
    const entry = entryOf(played)
    const loads: string[] = []
    const content = campaignContent({
      campaigns: {
        find: (name) => (name === 'uuid-9' ? entry : undefined),
        list: () => [entry],
        problem: undefined,
      },
      sessions: () => [summary(0, { outcome: 'merged' })],
      load: async (id) => {
        loads.push(id)
        throw new Error('it is gone')
      },
    })
    const shown = await content.of('uuid-9', null)
    assert.ok(shown.type === 'campaign')
    assert.equal(shown.report.rows[0]?.state, 'merged')
    assert.deepEqual(
      [shown.actions, shown.failed, shown.here],
      [['retry', 'cancel'], 9, { [sessionOf(0)]: null }],
    )
    await content.of('uuid-9', null)
    // What did not change is not read again.
    assert.deepEqual(loads, [sessionOf(0)])
    const gone = await content.of('other', null)
    assert.ok(gone.type === 'trouble' && gone.kind === 'gone')
  })
})
