import assert from 'node:assert/strict'
import type { EventBody } from '../../../src/contract/events.ts'
import { restoring, reviewTrail } from '../../../src/contract/reviewed.ts'
import { type SessionView, sessionView } from '../../../src/contract/sessionView.ts'
import { before, repaired } from '../../support/panel/files.ts'
import type { SessionLog } from '../../support/panel/log.ts'
import { report, waiting } from '../../support/panel/sessions.ts'
import { dropOrders, droppedRed } from '../../support/panel/states.ts'

const back = ({ events }: SessionLog): EventBody & { type: 'patch.restored' } => {
  const made = restoring(reviewTrail(events), sessionView(events))
  assert.ok(made !== undefined)
  return made
}

/** All that an approval rests on. */
function evidence(view: SessionView) {
  const { patch, minimised, reports, matrix, verdict, warnings, outcome, failure } = view
  return { patch, minimised, reports, matrix, verdict, warnings, outcome, failure }
}

describe('a patch that is taken back', () => {
  it('has its own evidence again, and nothing of the later patch', () => {
    const original = sessionView(waiting('20260304-090000-bbbbb1').events)
    const log = droppedRed('20260304-090000-bbbbb1')
    const red = sessionView(log.events)
    assert.deepEqual([red.matrix?.green, red.patch?.source], [false, 'reviewer'])
    assert.ok(red.warnings.some(({ code }) => code === 'of-the-drop') && red.reports.dropped !== undefined)
    log.emit(back(log))
    const view = sessionView(log.events)
    assert.deepEqual(evidence(view), evidence(original))
    assert.deepEqual([view.approval, view.costUsd], [null, red.costUsd])
  })

  it('goes back one drop at a time, each with the runs that checked it', () => {
    const log = waiting('20260304-090000-bbbbb1')
    log.patch('reviewer', before, { ...repaired, 'src/catalogue.ts': before['src/catalogue.ts'] ?? '' })
    report(log, 'overlay')
    report(log, 'dropped')
    log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' })
    const first = sessionView(log.events)
    dropOrders(log)
    report(log, 'overlay', 'build')
    log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' })
    log.emit(back(log))
    assert.deepEqual(evidence(sessionView(log.events)), evidence(first))
    log.emit(back(log))
    assert.equal(sessionView(log.events).patch?.source, 'repair')
    assert.equal(restoring(reviewTrail(log.events), sessionView(log.events)), undefined)
  })

  it('is there after a drop whose checks did not run to their end', () => {
    const log = waiting('20260304-090000-bbbbb1')
    const { patch } = sessionView(log.events)
    log.patch('reviewer', before, { ...repaired, 'src/orders.ts': before['src/orders.ts'] ?? '' })
    assert.equal(back(log).patch.digest, patch?.digest)
  })

  it('is not there where nothing was dropped', () => {
    const { events } = waiting('20260304-090000-bbbbb1')
    assert.equal(restoring(reviewTrail(events), sessionView(events)), undefined)
  })
})
