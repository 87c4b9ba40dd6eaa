import { deepEqual, equal, rejects, throws } from 'node:assert/strict'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CampaignLog,
  campaignFolder,
  campaignNow,
  listCampaigns,
  openCampaignLog,
} from '../../../src/store/campaign.ts'
import { campaignFile } from '../../support/campaigns.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const now = () => new Date('2026-01-02T03:04:05.000Z')
const created = { type: 'campaign.created', campaign: campaignFile(), runner: 'test' } as const

const all = async (log: CampaignLog) => (await log.readSince(undefined)).events

describe("a campaign's log", () => {
  it('gives back what was appended, by whomever', async () => {
    await using folder = await temporaryFolder()
    const [one, two] = [openCampaignLog(folder.path, 'uuid', now), openCampaignLog(folder.path, 'uuid', now)]
    deepEqual(await all(one), [])
    await one.append(created)
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => (at % 2 ? one : two).append({ type: 'campaign.paused' })),
    )
    deepEqual(
      new Set((await all(two)).map(({ type }) => type)),
      new Set(['campaign.created', 'campaign.paused']),
    )
    equal((await all(two)).length, 51)
    deepEqual(await listCampaigns(folder.path), ['uuid'])
  })

  it('reads and folds each event once, whoever asks at the same time', async () => {
    await using folder = await temporaryFolder()
    const log = openCampaignLog(folder.path, 'uuid', now)
    const view = campaignNow(log, 'uuid')
    equal(await view.find(), undefined)
    await log.append(created)
    const [a, b] = await Promise.all([view.state(), view.state()])
    equal(a, b)
    await log.append({ type: 'campaign.paused' })
    equal((await view.state()).paused, true)
    const { position } = await log.readSince(undefined)
    deepEqual((await log.readSince(position)).events, [])
  })

  it('leaves out the line that a killed process tore, at every byte, and counts what came after', async () => {
    await using folder = await temporaryFolder()
    const log = openCampaignLog(folder.path, 'uuid', now)
    await log.append(created, { type: 'campaign.paused' })
    const file = join(campaignFolder(folder.path, 'uuid'), 'events.jsonl')
    const line = `${(await readFile(file, 'utf8')).split('\n')[1]}`
    for (let cut = 1; cut < line.length; cut += 7) {
      const before = (await all(log)).length
      await appendFile(file, line.slice(0, cut))
      equal((await all(log)).length, before)
      await log.append({ type: 'campaign.resumed' })
      equal((await all(log)).at(-1)?.type, 'campaign.resumed')
      equal((await all(log)).length, before + 1)
    }
  })

  it('refuses an event that is none, and a name that would leave its home', async () => {
    await using folder = await temporaryFolder()
    const log = openCampaignLog(folder.path, 'uuid', now)
    await rejects(log.append({ type: 'campaign.paused', by: 3 } as never))
    for (const name of ['..', 'a/b', '', 'A', '.hidden'])
      throws(() => campaignFolder(folder.path, name), /no-such-campaign/)
  })
})
