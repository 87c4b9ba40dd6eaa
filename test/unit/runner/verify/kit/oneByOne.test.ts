import assert from 'node:assert/strict'
import type { PutBackRuns } from '../../../../../src/runner/verify/kit/differences.ts'
import { oneByOne } from '../../../../../src/runner/verify/kit/oneByOne.ts'
import type { KitUnit } from '../../../../../src/runner/verify/kit/units.ts'
import { report } from '../../../../support/reports.ts'

const ids = ['a › 1', 'b › 2', 'c › 3']
const base = report(Object.fromEntries(ids.map((id) => [id, 'passed' as const])))

function unit(id: string, size: number): KitUnit {
  return { id, path: id, kind: 'test', said: id, size, files: new Map([[id, null]]), parts: [], texts: [] }
}
const units = [unit('b', 1), unit('a', 3), unit('c', 2)]

/** Runs in which these tests fail. */
function failing(...failed: readonly string[]): PutBackRuns {
  const tests = ids.map(
    (id) => [id, failed.includes(id) ? ('failed' as const) : ('passed' as const)] as const,
  )
  const back = { report: report(Object.fromEntries(tests)), named: new Map() }
  return { base, patched: base, update: back, back, flaky: new Set(), alone: 'the update alone' }
}

async function tried(
  overlay: PutBackRuns,
  putBack: (unit: KitUnit) => PutBackRuns,
  bounds = { singles: 8, milliseconds: 1_000 },
) {
  let clock = 0
  const made = await oneByOne(
    units,
    overlay,
    async (one) => {
      clock += 100
      return putBack(one)
    },
    bounds,
    () => clock,
  )
  return made.map(({ unit: { id, said, files } }) =>
    files.size === 1 ? id : `${said} [${[...files.keys()]}]`,
  )
}

/** The test of a file fails as soon as the file is put back. */
const alone = (one: KitUnit) => failing(...ids.filter((id) => one.files.has(id[0] ?? '')))

describe('one by one', () => {
  it('puts back the biggest first, each once, and stops where that explains everything', async () => {
    assert.deepEqual(await tried(failing(...ids), alone), ['a', 'c', 'b'])
  })

  it('puts back the rest together where runs or time are up, and says so', async () => {
    for (const bounds of [
      { singles: 1, milliseconds: 1_000 },
      { singles: 8, milliseconds: 50 },
    ]) {
      const [first, rest, ...more] = await tried(failing(...ids), alone, bounds)
      assert.deepEqual([first, more], ['a', []])
      assert.match(rest ?? '', /^2 more .* not looked at one by one.*\[c,b\]$/)
    }
  })

  it('counts what only shows together, once it is seen again', async () => {
    const both = (one: KitUnit) => (one.files.size === 3 ? failing('b › 2') : failing())
    const made = await tried(failing('b › 2'), both)
    assert.deepEqual(made.slice(0, 3), ['a', 'c', 'b'])
    assert.match(made[3] ?? '', /none does it alone.*\[b,a,c\]$/)
    assert.deepEqual(await tried(failing('b › 2'), () => failing()), ['a', 'c', 'b'])
  })
})
