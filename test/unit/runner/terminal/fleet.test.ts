import assert from 'node:assert/strict'
import { goesOnByItself } from '../../../../src/contract/fleet/stages.ts'
import type { CampaignState, JobState } from '../../../../src/contract/fleet/state.ts'
import { colors } from '../../../../src/runner/terminal/colors.ts'
import { campaignPage } from '../../../../src/runner/terminal/fleet.ts'
import { sessionOf } from '../../../support/campaign.ts'
import { campaignOf, jobStates } from '../../../support/campaigns.ts'

function campaign(jobs: readonly Partial<JobState>[], more: Partial<CampaignState> = {}): CampaignState {
  return { ...campaignOf(), jobs: jobStates(jobs), ...more }
}

const page = (state: CampaignState): string => campaignPage(state, colors(false))
const ended = { status: 'ended', session: sessionOf(1) } as const
const failure = { code: 'not-a-dependency', message: 'No manifest declares uuid.', next: 'Look.' } as const

describe('a campaign at a terminal', () => {
  it('says in words that every session has ended, and what may be done with those that wait', () => {
    const said = page(campaign([{ ...ended, outcome: 'awaiting-review', proven: true }]))
    assert.match(said, /Stage {2}every session has ended, and something waits for a person\n/)
    assert.match(
      said,
      /\nNext: drydock show \S+; drydock fleet publish uuid for what needs no word of its own; drydock fleet report uuid\n$/,
    )
  })

  it('tells a repository that does not declare the package from one that could not be set up', () => {
    const said = page(campaign([{ ...ended, outcome: 'setup-failed', failure, reason: failure.message }]))
    assert.match(said, /1 not declared; /)
    assert.match(
      said,
      /Next: drydock fleet retry uuid once what failed is mended; drydock fleet report uuid\n$/,
    )
  })

  it('names the command that goes on with a paused one, and none for one that was cancelled', () => {
    assert.match(page(campaign([{}], { paused: true })), /Next: drydock fleet resume uuid; /)
    const cancelled = [{ ...ended, outcome: 'cancelled' as const }]
    assert.match(page(campaign(cancelled, { cancelled: true })), /Next: drydock fleet report uuid\n$/)
  })

  it('has nothing to pause once nothing would be begun or published by itself', () => {
    const waits = { ...ended, outcome: 'awaiting-review' as const }
    assert.equal(goesOnByItself(campaign([{}])), true)
    assert.equal(goesOnByItself(campaign([waits])), false)
    const publishing = campaignOf({ publish: { proven: true } })
    assert.equal(goesOnByItself({ ...publishing, jobs: jobStates([waits]) }), true)
    assert.equal(
      goesOnByItself({ ...publishing, jobs: jobStates([{ ...ended, outcome: 'published' }]) }),
      false,
    )
  })
})
