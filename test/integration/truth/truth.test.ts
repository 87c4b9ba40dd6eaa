import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discard } from '../../support/keys.ts'
import { type OpenBench, openBench } from '../../truth/bench.ts'
import { choose, describeChoice } from '../../truth/choice.ts'
import { replayOf } from '../../truth/table.ts'
import { runTrial } from '../../truth/trial.ts'
import { wrong } from '../../truth/verdict.ts'

/** A handful of the seeds that `npm run test:truth` goes through, small to install. */
const seeds = [0, 2, 10, 16, 35, 38]

describe('what a session says of a generated project is what happens outside the sandbox', function () {
  this.timeout(600_000)
  let out: string
  let bench: OpenBench
  before(async () => {
    out = await mkdtemp(join(tmpdir(), 'drydock-truth-short-'))
    bench = await openBench(out, { java: false })
  })
  after(async () => {
    await bench[Symbol.asyncDispose]()
    await discard(out)
  })

  for (const seed of seeds)
    it(`seed ${seed}: ${describeChoice(choose(seed))}`, async () => {
      const { judgement, why } = await runTrial(seed, bench)
      assert.ok(!wrong.includes(judgement), `${judgement}: ${why}\n${replayOf(seed)}`)
    })
})
