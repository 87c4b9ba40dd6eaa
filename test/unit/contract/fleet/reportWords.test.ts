import assert from 'node:assert/strict'
import { progressLine } from '../../../../src/contract/fleet/reportWords.ts'

describe('how far a campaign is', () => {
  it('is said in a line, with what could not be reached', () => {
    const report = { repositories: 10, ended: 7, unreachable: [], costUsd: 1.2, capUsd: 40 }
    const lost = { place: 'a', why: 'It is gone.' }
    assert.equal(progressLine(report), '7 of 10 repositories ended; $1.20 of $40.00 spent')
    const one = { ...report, repositories: 1, ended: 1, unreachable: [lost], capUsd: null }
    assert.equal(progressLine(one), '1 of 1 repository ended, 1 more was not reached; $1.20 spent')
    const two = { ...report, unreachable: [lost, lost] }
    assert.match(progressLine(two), /ended, 2 more were not reached;/)
  })
})
