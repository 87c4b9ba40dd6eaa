import assert from 'node:assert/strict'
import { appendFile, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { players } from '../../../evals/repair/play.ts'
import { readSet } from '../../../src/runner/repairEval/set.ts'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { startModel } from '../../support/model/server.ts'

const set = resolve(import.meta.dirname, '../../../evals/repair')

describe('drydock eval repair', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('runs a case of the embedded set, keeps its result, and runs only what has none', async () => {
    const model = await startModel(await players(await readSet(set)))
    const out = join(drydock.home, 'eval')
    const flags = ['eval', 'repair', set, '--played', '--json', '--out', out, '--only', 'nanoid-generate']
    const first = await drydock.run(flags, playedBy(model))
    assert.equal(first.code, 0, first.stderr)
    const report = JSON.parse(first.stdout)
    assert.deepEqual([report.repaired.part, report.repaired.whole, report.falseGreen.part], [1, 1, 0])
    assert.deepEqual([report.run, report.cases, report.results[0].truth], [1, 17, 'right'])
    assert.match(report.results[0].class, /^[A-Z_]+$/)
    const asked = model.requests.length
    // As a kill in the middle of a line leaves it.
    await appendFile(join(out, 'results.jsonl'), '{"id":"chalk-esm","run":"')
    const again = await drydock.run(flags, playedBy(model))
    assert.deepEqual([again.code, model.requests.length], [0, asked], 'what has a result is not run again')
    assert.deepEqual(JSON.parse(again.stdout).results, report.results)
    assert.match(
      await readFile(join(out, 'report.md'), 'utf8'),
      /\| chalk-esm \| chalk@5\.3\.0 \| not run \|/,
    )
    const counted = JSON.parse((await drydock.run(['stats', '--json'])).stdout)
    assert.equal(counted.all.sessions, 0, "a measurement's sessions are none of the user's")
    await model.close()
  })
})
