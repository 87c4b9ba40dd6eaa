import { deepEqual } from 'node:assert/strict'
import { campaignActions } from '../../../../src/contract/fleet/actions.ts'
import type { CampaignState, JobState } from '../../../../src/contract/fleet/state.ts'
import { campaignOf, jobStates } from '../../../support/campaigns.ts'

const ended = { status: 'ended', outcome: 'awaiting-review', proven: true } as const
const failed = { status: 'ended', outcome: 'setup-failed' } as const
const running = { status: 'running' } as const

function of(jobs: readonly Partial<JobState>[], changes: object = {}, more: Partial<CampaignState> = {}) {
  const state: CampaignState = { ...campaignOf(changes), jobs: jobStates(jobs), ...more }
  return (atWork: boolean) => campaignActions(state, atWork)
}

describe('what may be done with a campaign', () => {
  it('is to pause what would go on, and to resume what nobody runs', () => {
    deepEqual(of([{}, running])(true), ['pause', 'cancel'])
    deepEqual(of([{}, running])(false), ['resume', 'cancel'])
    // What runs ends by itself: there is nothing to hold.
    deepEqual(of([running, ended])(true), ['cancel'])
    deepEqual(of([running])(false), ['resume', 'cancel'])
  })

  it('is to resume what is paused, and not to pause it again', () => {
    deepEqual(of([{}], {}, { paused: true })(true), ['resume', 'cancel'])
    deepEqual(of([{}], {}, { paused: true })(false), ['resume', 'cancel'])
  })

  it('is to let the rest begin where the canaries came not far enough', () => {
    const held = of([{ ...failed, canary: true }, {}], { canary: { repositories: 1 } })
    deepEqual(held(false), ['pass-canaries', 'retry', 'cancel'])
    deepEqual(of([{ ...running, canary: true }, {}], { canary: { repositories: 1 } })(true), [
      'pause',
      'cancel',
    ])
    deepEqual(of([{ ...ended, canary: true }, {}], { canary: { repositories: 1 } })(false), [
      'resume',
      'cancel',
    ])
  })

  it('is to retry where something failed, also after all has ended', () => {
    deepEqual(of([ended, failed])(false), ['retry'])
    deepEqual(of([ended])(false), [])
  })

  it('goes on where pull requests wait for their turn', () => {
    const drips = { publish: { proven: true } }
    deepEqual(of([ended], drips)(true), ['pause'])
    deepEqual(of([ended], drips)(false), ['resume'])
    deepEqual(of([{ ...ended, refusal: 'You may not.' }], drips)(true), [])
  })

  it('is nothing once it is cancelled', () => {
    deepEqual(of([failed, running], {}, { cancelled: true })(true), [])
  })
})
