import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { players } from '../../../evals/repair/play.ts'
import { type RepairCase, type RepairSet, readSet } from '../../../src/runner/repairEval/set.ts'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { startModel } from '../../support/model/server.ts'

const set = resolve(import.meta.dirname, '../../../evals/repair')

/**
 * A build server takes those of npm in turns, a case a day; elsewhere it is a quick one. One of Maven builds five times,
 * ten minutes there: they are run with the whole set, and what Maven does stands in its own tests.
 */
function caseOf({ cases }: RepairSet): RepairCase {
  const today = Math.floor(Date.now() / 86_400_000)
  const ofNpm = cases.filter(({ update }) => update.includes('@'))
  const turn = ofNpm[today % ofNpm.length]
  const quick = cases.find(({ id }) => id === 'nanoid-generate')
  const found = process.env.DRYDOCK_TEST_BRIEF === '1' ? turn : quick
  assert.ok(found !== undefined)
  return found
}

const lockHolder = join(import.meta.dirname, '../../support/lockHolder.ts')

describe('drydock eval repair', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('does not write where another run does', async () => {
    const out = join(drydock.home, 'held')
    await mkdir(out)
    const holder = spawn(process.execPath, [lockHolder, out], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    const refused = await drydock.run(['eval', 'repair', set, '--out', out], { ANTHROPIC_API_KEY: 'none' })
    holder.kill()
    assert.match(refused.stderr, /^bad-usage: Another run writes to /)
    assert.equal(refused.code, 2)
    for (const [flag, name] of [
      ['--only', 'case'],
      ['--class', 'class'],
    ] as const) {
      const unknown = await drydock.run(['eval', 'repair', set, '--out', out, flag, 'nosuch'])
      assert.match(unknown.stderr, new RegExp(`^bad-usage: The set has no ${name} nosuch`))
    }
  })

  it('runs a case of the embedded set, keeps its result, and runs only what has none', async () => {
    const all = await readSet(set)
    const { id, played } = caseOf(all)
    const whole = played?.repairs === true ? 1 : 0
    const model = await startModel(await players(all))
    const out = join(drydock.home, 'eval')
    const flags = ['eval', 'repair', set, '--played', '--json', '--out', out, '--only', id]
    const first = await drydock.run(flags, playedBy(model))
    assert.equal(first.code, 0, first.stderr)
    const report = JSON.parse(first.stdout)
    assert.deepEqual([report.repaired.part, report.repaired.whole, report.falseGreen.part], [whole, 1, 0], id)
    assert.deepEqual([report.run, report.cases, report.results[0].truth], [1, 17, 'right'])
    assert.match(report.results[0].class, /^[A-Z_]+$/)
    const asked = model.requests.length
    const [other] = all.cases.filter((one) => one.id !== id)
    assert.ok(other !== undefined)
    // As a kill in the middle of a line leaves it.
    await appendFile(join(out, 'results.jsonl'), `{"id":"${other.id}","run":"`)
    const again = await drydock.run(flags, playedBy(model))
    assert.deepEqual([again.code, model.requests.length], [0, asked], 'what has a result is not run again')
    assert.deepEqual(JSON.parse(again.stdout).results, report.results)
    // What is to be run once more has its result until then, and so has what is not.
    const table = await drydock.run([...flags, '--again', '--table'])
    assert.deepEqual(JSON.parse(table.stdout).results, report.results)
    assert.match(
      await readFile(join(out, 'report.md'), 'utf8'),
      new RegExp(`\\| ${other.id} \\| ${other.update} \\| not run \\|`),
    )
    const counted = JSON.parse((await drydock.run(['stats', '--json'])).stdout)
    assert.equal(counted.all.sessions, 0, "a measurement's sessions are none of the user's")
    await model.close()
  })
})
