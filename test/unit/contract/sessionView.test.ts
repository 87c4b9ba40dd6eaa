import assert from 'node:assert/strict'
import { asMade } from '../../../src/contract/asMade.ts'
import { Event, EventBody } from '../../../src/contract/events.ts'
import { DrydockError } from '../../../src/contract/failure.ts'
import { reviewTrail } from '../../../src/contract/reviewed.ts'
import { reduce, SessionView, sessionView } from '../../../src/contract/sessionView.ts'
import { assertGolden, readGolden } from '../../support/golden.ts'

async function goldenLog(name: string): Promise<readonly Event[]> {
  const text = await readGolden(`${name}.jsonl`)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Event.parse(JSON.parse(line)))
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(Object.freeze(value))) freeze(inner)
  return value
}

const goldenLogs = [
  'events-v1',
  'events-v1-interrupted',
  'events-v1-restored',
  'events-v1-resolved',
  'events-v1-broken-off',
  'events-v1-imported',
  'events-v1-elsewhere',
  'events-v1-edited',
  'events-v1-why',
  'events-v1-seen',
  'events-v1-answered',
  'events-v1-resumed',
  'events-v1-containers',
  'events-v1-new-base',
  'events-v1-codemod',
]

describe('sessionView', () => {
  for (const name of goldenLogs) {
    it(`folds the golden log ${name} to the golden view, one event at a time too`, async () => {
      const events = await goldenLog(name)
      const view = sessionView(events)
      let step: SessionView | undefined
      for (const event of events) step = reduce(freeze(step), freeze(event))
      assert.deepEqual(step, view)
      assert.deepEqual(SessionView.parse(view), view)
      await assertGolden(`${name}.golden.json`, `${JSON.stringify(view, null, 2)}\n`)
    })
  }

  it('has every kind of event in a golden log', async () => {
    const logs = await Promise.all(goldenLogs.map(goldenLog))
    const kinds = new Set(logs.flat().map((event) => event.type))
    const all = EventBody.options.map((option) => option.shape.type.value)
    assert.deepEqual(
      all.filter((kind) => !kinds.has(kind)),
      [],
    )
  })

  it('forgets a push that was begun once a reviewer has made another patch', async () => {
    const events = await goldenLog('events-v1-broken-off')
    const before = sessionView(events)
    assert.ok(before.pushing !== undefined && before.dropping !== undefined)
    const made = events.findLast((event) => event.type === 'patch.made')
    assert.ok(made?.type === 'patch.made')
    const after = reduce(before, { ...made, source: 'reviewer' })
    assert.deepEqual([after.pushing, after.dropping], [undefined, undefined])
  })

  it('keeps approval, ticks and the judge for the same change on a new base, and nothing of the former one', async () => {
    const events = await goldenLog('events-v1-new-base')
    const taken = events.findIndex((event) => event.type === 'base.taken')
    const [before, after] = [sessionView(events.slice(0, taken)), sessionView(events)]
    assert.equal(before.refusedBase?.kind, 'conflict')
    assert.equal(after.refusedBase, undefined)
    assert.ok(after.patch !== null && after.approval !== null)
    assert.deepEqual(
      [after.approval.digest, after.approval.baseCommit, after.task.repository.baseCommit],
      [after.patch.digest, after.patch.baseCommit, after.patch.baseCommit],
    )
    assert.notEqual(after.patch.baseCommit, before.patch?.baseCommit)
    assert.deepEqual(after.verdict, before.verdict)
    assert.deepEqual(
      after.warnings.filter((one) => one.acknowledged).map(({ code }) => code),
      before.warnings.filter((one) => one.acknowledged).map(({ code }) => code),
    )
    assert.equal(after.bases?.length, 1)
    const { seen } = reviewTrail(events)
    assert.deepEqual(
      seen.map(({ patch }) => patch.digest),
      [after.patch.digest],
      'no patch of the former base comes back',
    )
    const update = asMade(events).findLast(
      (event) => event.type === 'patch.made' && event.source === 'update',
    )
    assert.equal(update?.type === 'patch.made' && update.patch.baseCommit, after.patch.baseCommit)
  })

  it('voids the approval and drops warnings about files that a new patch leaves alone', async () => {
    const events = await goldenLog('events-v1')
    const approved = events.findIndex((event) => event.type === 'review.approved')
    const before = sessionView(events.slice(0, approved + 1))
    assert.equal(before.warnings.find(({ severity }) => severity === 'acknowledge')?.acknowledged, true)
    const update = events.find((event) => event.type === 'patch.made')
    assert.ok(update !== undefined)
    const after = reduce(before, update)
    assert.equal(after.approval, null)
    assert.deepEqual(
      after.warnings.map(({ code }) => code),
      ['secret-left-out:.env'],
    )
  })

  it('begins a stage anew when it is started again', async () => {
    const events = await goldenLog('events-v1')
    const started = events.find((event) => event.type === 'stage.started' && event.stage === 'publish')
    assert.ok(started !== undefined)
    const view = reduce(sessionView(events), started)
    const publish = view.stages.filter(({ name }) => name === 'publish')
    assert.deepEqual(
      publish.map(({ status, durationMs }) => [status, durationMs]),
      [['running', null]],
    )
  })

  it('refuses a log that does not begin at the beginning', async () => {
    const events = await goldenLog('events-v1')
    const damaged = (error: unknown) => error instanceof DrydockError && error.failure.code === 'bad-log'
    assert.throws(() => sessionView(events.slice(1)), damaged)
    assert.throws(() => sessionView([]), damaged)
  })
})
