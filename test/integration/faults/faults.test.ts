import assert from 'node:assert/strict'
import type { Choice } from '../../faults/choice.ts'
import { sharedEngine } from '../../faults/engine.ts'
import { openWorld } from '../../faults/openWorld.ts'
import { runTrial } from '../../faults/trial.ts'
import type { World } from '../../faults/world.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

const common = { manager: 'npm', cold: false, attempts: 1, lastsMs: 400 } as const

/** A few of what `npm run test:faults` draws by the hundred; none that harms an engine that others use. */
const trials: Readonly<Record<string, Choice>> = {
  'its runner is killed': {
    ...{ ...common, story: 'repair', fault: { kind: 'runner', act: 'kill' } },
    at: { stage: 'repair', delayMs: 900 },
  },
  'the container of its checks is removed': {
    ...{ ...common, story: 'repair', fault: { kind: 'container', act: 'remove', of: 'project' } },
    at: { stage: 'verify update', delayMs: 0 },
  },
  "the model's answers break off for a while": {
    ...{ ...common, story: 'repair', fault: { kind: 'peer', of: 'model', trouble: 'cut', lasts: false } },
    at: { stage: 'repair', delayMs: 0 },
    // Until the agent has asked.
    lastsMs: 4000,
  },
  'the remote is out of order while it is published': {
    ...{ ...common, story: 'decide', decision: 'publish' },
    fault: { kind: 'peer', of: 'remote', trouble: '5xx', lasts: true },
    at: { stage: 'queue', delayMs: 0 },
  },
  'it is published and rejected at once': {
    ...{ ...common, story: 'decide', decision: 'publish', fault: { kind: 'together', second: 'reject' } },
    at: { stage: 'publish', delayMs: 0 },
  },
}

describe('a session that is disturbed', function () {
  this.timeout(300_000)
  let world: World
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  before(async () => {
    folder = await temporaryFolder()
    world = await openWorld(folder.path, sharedEngine(), Object.values(trials))
  })
  after(async () => {
    await world[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  for (const [name, choice] of Object.entries(trials)) {
    it(`ends by a true name, and leaves nothing behind: ${name}`, async () => {
      const { happened, breaches } = await runTrial(0, world, choice)
      assert.deepEqual(breaches, [])
      assert.ok(happened, 'the session was over before')
    })
  }
})
