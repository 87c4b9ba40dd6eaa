import { deepEqual, equal } from 'node:assert/strict'
import { CampaignEventBody, readCampaignEvent } from '../../../../src/contract/fleet/events.ts'
import { CampaignState, campaignState } from '../../../../src/contract/fleet/state.ts'
import { assertGolden, readGolden } from '../../../support/golden.ts'

describe("a campaign's log of version 1", () => {
  it('parses for ever, and comes to the same state', async () => {
    const lines = (await readGolden('campaigns/v1.jsonl')).trimEnd().split('\n')
    const events = lines.flatMap((line) => readCampaignEvent(JSON.parse(line)) ?? [])
    equal(events.length, lines.length)
    const state = CampaignState.parse(campaignState(events))
    await assertGolden('campaigns/v1.golden.json', `${JSON.stringify(state, undefined, 2)}\n`)
  })

  it('holds every type of event', async () => {
    const lines = (await readGolden('campaigns/v1.jsonl')).trimEnd().split('\n')
    const there = new Set(lines.map((line) => (JSON.parse(line) as { type: string }).type))
    deepEqual(there, new Set(CampaignEventBody.options.map(({ shape }) => shape.type.value)))
  })
})
