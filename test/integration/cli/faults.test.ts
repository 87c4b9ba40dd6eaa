import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock, playedBy, scriptOf } from '../../support/drydock.ts'
import { type Fault, Script } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'
import { fixtureRepository, type TestRepository } from '../../support/repository.ts'

/** Faults that the gateway outlasts, or that the model is told of: the run goes on to its end. */
const outlasted: readonly Fault[] = [
  { request: 1, kind: 'rate-limit', retryAfterSeconds: 1 },
  { request: 2, kind: 'overloaded' },
  { request: 3, kind: 'server-error' },
  { request: 5, kind: 'drop-stream' },
  { request: 6, kind: 'malformed-sse' },
  { request: 8, kind: 'bad-arguments' },
  { request: 9, kind: 'unknown-tool' },
]

/** Faults that end a run, and the outcomes that are an honest name for it. */
const fatal: readonly {
  readonly fault: Fault
  readonly outcomes: readonly SessionView['outcome'][]
  readonly code?: string
}[] = [
  {
    fault: { request: 1, kind: 'unauthorized', times: 99 },
    outcomes: ['verification-failed'],
    code: 'repair-needs-model',
  },
  { fault: { request: 1, kind: 'endless-tools', times: 99 }, outcomes: ['turn-limit'] },
]

describe('a model that misbehaves', () => {
  let drydock: Drydock
  let repository: TestRepository
  before(async () => {
    drydock = await openDrydock()
    repository = await fixtureRepository('failing-baseline')
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await repository[Symbol.asyncDispose]()
  })

  async function run(faults: readonly Fault[], flags: readonly string[] = []): Promise<SessionView> {
    const script = Script.parse(JSON.parse(await readFile(scriptOf('failing-baseline'), 'utf8')))
    const model = await startModel({ ...script, faults })
    try {
      const command = ['update', 'nanoid@3', '--repo', repository.root, '--no-review', ...flags]
      return await drydock.session(command, playedBy(model))
    } finally {
      await model.close()
    }
  }

  it('is outlasted where it can be: every passing fault in one run', async () => {
    const view = await run(outlasted)
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.equal(view.modelRetries, 5)
    assert.equal(view.matrix?.green, true)
  })

  for (const { fault, outcomes, code } of fatal) {
    it(`ends the run by name: ${fault.kind}`, async () => {
      const view = await run([fault], ['--max-turns', '3', '--max-attempts', '2'])
      assert.ok(outcomes.includes(view.outcome), `${view.outcome}: ${view.reason}`)
      if (code !== undefined) assert.equal(view.failure?.code, code)
      assert.ok(view.stages.every(({ status }) => status !== 'running'))
      const repair = view.stages.find(({ name }) => name === 'repair')
      assert.equal(repair?.status, code === undefined ? 'ok' : 'failed')
    })
  }

  it('ends by budget before a request that it cannot pay', async () => {
    const view = await run([], ['--budget-usd', '0.0001'])
    assert.equal(view.outcome, 'budget-exceeded', view.reason ?? '')
    assert.equal(view.turns, 0)
  })
})
