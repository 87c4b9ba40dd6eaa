import assert from 'node:assert/strict'
import { Event } from '../../../../src/contract/events.ts'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { stepToPublish } from '../../../../src/contract/toPublish.ts'
import { colors as colorsOf } from '../../../../src/runner/terminal/colors.ts'
import { newBasePart } from '../../../../src/runner/terminal/newBase.ts'
import { readGolden } from '../../../support/golden.ts'

describe('a base that has moved, at a terminal', () => {
  it('is told while it is refused, and once the change was brought onto it', async () => {
    const lines = (await readGolden('events-v1-new-base.jsonl')).trimEnd().split('\n')
    const events = lines.map((line) => Event.parse(JSON.parse(line)))
    const colors = colorsOf(false)
    const at = (type: Event['type']) => events.findIndex((event) => event.type === type) + 1
    assert.equal(newBasePart(sessionView(events.slice(0, at('review.approved'))), { colors }), '')
    const refused = newBasePart(sessionView(events.slice(0, at('base.refused'))), { colors })
    assert.match(
      refused,
      /^Base {2}! main has moved to d{12} .* both sides changed src\/a\.ts\. Nothing was pushed\./,
    )
    assert.match(stepToPublish(sessionView(events.slice(0, at('base.refused'))), true), /`drydock follow-up /)
    const taken = newBasePart(sessionView(events), { colors })
    assert.match(taken, /^Base {2}main moved from [0-9a-f]{12} to e{12} .* every run was made again there/)
    assert.doesNotMatch(taken, /!/)
  })
})
