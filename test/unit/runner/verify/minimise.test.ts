import assert from 'node:assert/strict'
import type { Dropped } from '../../../../src/runner/patch/drop.ts'
import { type Changeable, type Minimised, minimise } from '../../../../src/runner/verify/minimise.ts'

const roomy = { checks: 100, milliseconds: 1_000_000, hunks: 100 }

/** Each file with its hunks, and whether the checks need them; a file without hunks goes whole. */
type Needs = Readonly<Record<string, readonly boolean[] | boolean>>

function isNeeded(needs: Needs, { path, hunk }: Dropped): boolean {
  const own = needs[path] ?? false
  return typeof own === 'boolean' ? own : hunk === undefined ? own.includes(true) : own[hunk] === true
}

async function minimised(needs: Needs, limits = roomy, cost = 1) {
  const files: Changeable[] = Object.entries(needs).map(([path, own]) => ({
    path,
    hunks: typeof own === 'boolean' ? 0 : own.length,
  }))
  const tried: (readonly Dropped[])[] = []
  let clock = 0
  const stays = async (dropped: readonly Dropped[]) => {
    tried.push(dropped)
    clock += cost
    return !dropped.some((one) => isNeeded(needs, one))
  }
  const found: Minimised = await minimise(files, stays, limits, () => clock)
  return { ...found, tried }
}

describe('minimise', () => {
  it('names the files and the hunks that are not needed', async () => {
    const { unneeded, complete } = await minimised({
      'a.ts': [true, false, true],
      'b.ts': [false, false],
      'c.ts': true,
      'new.ts': false,
    })
    assert.deepEqual(unneeded, [{ path: 'a.ts', hunk: 1 }, { path: 'b.ts' }, { path: 'new.ts' }])
    assert.equal(complete, true)
  })

  it('leaves parts out together, so that of two that stand in for each other only one is named', async () => {
    const files = [
      { path: 'a.ts', hunks: 1 },
      { path: 'b.ts', hunks: 1 },
      { path: 'c.ts', hunks: 1 },
    ]
    const both = async (dropped: readonly Dropped[]) => {
      const paths = dropped.map(({ path }) => path)
      return !paths.includes('c.ts') && !(paths.includes('a.ts') && paths.includes('b.ts'))
    }
    const { unneeded } = await minimise(files, both, roomy, () => 0)
    assert.deepEqual(unneeded, [{ path: 'a.ts' }])
  })

  it('asks nothing where there is one part, and never leaves everything out', async () => {
    assert.deepEqual((await minimised({ 'a.ts': [false] })).tried, [])
    const { unneeded, tried } = await minimised({ 'a.ts': [false], 'b.ts': [false] })
    assert.deepEqual(unneeded, [{ path: 'a.ts' }])
    assert.ok(tried.every((dropped) => dropped.length < 2))
  })

  it('lets the first check take its time, and takes none for more than what is left', async () => {
    const files = ['a.ts', 'b.ts', 'c.ts'].map((path) => ({ path, hunks: 1 }))
    const allowed: number[] = []
    let clock = 0
    const costs = [10, 30]
    const stays = async (_: readonly Dropped[], milliseconds: number) => {
      allowed.push(milliseconds)
      const cost = costs[allowed.length - 1] ?? 0
      clock += Math.min(cost, milliseconds)
      return cost <= milliseconds ? false : undefined
    }
    const found = await minimise(files, stays, { ...roomy, milliseconds: 25 }, () => clock)
    assert.deepEqual([found.checks, found.complete, clock], [2, false, 25])
    assert.equal(allowed[1], 15)
  })

  it('stops at its limits and says so', async () => {
    const needs = { 'a.ts': [true, true, true], 'b.ts': true, 'c.ts': true }
    const few = await minimised(needs, { ...roomy, checks: 2 })
    assert.deepEqual([few.checks, few.complete], [2, false])
    const slow = await minimised(needs, { ...roomy, milliseconds: 25 }, 10)
    assert.deepEqual([slow.checks, slow.complete], [2, false], 'a third would not be done in time')
    const large = await minimised(needs, { ...roomy, hunks: 4 })
    assert.deepEqual([large.checks, large.complete], [0, false])
  })
})
