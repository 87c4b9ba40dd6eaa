import assert from 'node:assert/strict'
import { choose } from '../../truth/choice.ts'
import type { Said } from '../../truth/drydock.ts'
import type { Ran } from '../../truth/host.ts'
import { decide } from '../../truth/verdict.ts'

const ran = (passed: readonly string[], more: Partial<Ran> = {}): Ran => ({
  installed: true,
  steps: { test: true },
  passed,
  resolved: ['1.0.0'],
  log: '',
  ...more,
})
const updated = (passed: readonly string[], more: Partial<Ran> = {}): Ran =>
  ran(passed, { resolved: ['2.0.0'], ...more })
const says = (kind: Said['kind'], words = ''): Said => ({ kind, words })
const clean = { ...choose(0), change: 'clean', manager: 'npm', runner: 'mocha', pin: 'caret' } as const
const breaking = { ...clean, change: 'behaviour' } as const
const silent = { ...clean, change: 'launcher' } as const
const arrived = updated(['one', 'two'])
const target = '2.0.0'

describe('the truth machine judges', () => {
  const same = { choice: clean, target, base: ran(['one', 'two']), after: arrived, patched: arrived }
  const broke = { ...same, choice: breaking, after: updated(['two'], { steps: { test: false } }) }
  const stopped = { ...same, choice: silent, after: updated([]) }
  const rows = [
    ['green where nothing changed', { ...same, said: says('green') }, 'true green'],
    ['red where nothing changed', { ...same, said: says('red') }, 'false red'],
    ['not verified where tests ran', { ...same, said: says('not verified') }, 'not verified'],
    ['green where a test fails', { ...broke, said: says('green') }, 'false green'],
    ['red where a test fails', { ...broke, said: says('red') }, 'true red'],
    ['green where no test runs any more', { ...stopped, said: says('green') }, 'false green'],
    ['exit codes where no test runs any more', { ...stopped, said: says('exit codes') }, 'false green'],
    [
      'not verified where no test runs any more',
      { ...stopped, said: says('not verified') },
      'true not verified',
    ],
    ['green with the old version', { ...same, patched: ran([]), said: says('green') }, 'false green'],
    ['up to date with the old version', { ...same, said: says('up to date') }, 'false green'],
    ['a refusal that names no cause', { ...same, said: says('refused', 'internal: no') }, 'refused'],
    [
      'a refusal that names the pin',
      { ...same, choice: { ...clean, pin: 'override' }, said: says('refused', 'x: overrides say 1.0.0') },
      'pin named',
    ],
    ['a host that lost a test by itself', { ...same, after: updated(['one']), said: says('red') }, 'machine'],
    [
      'a host that did not get the version',
      { ...same, after: ran(['one', 'two']), said: says('green') },
      'machine',
    ],
    [
      'silence of a script that never says anything',
      { ...stopped, choice: { ...silent, runner: 'assert' }, said: says('exit codes') },
      'true green',
    ],
  ] as const
  for (const [name, evidence, expected] of rows)
    it(`${name}: ${expected}`, () => assert.equal(decide(evidence).judgement, expected))
})

describe('seeds of the truth machine', () => {
  it('make the same project every time', () => {
    for (const seed of [0, 1, 77]) assert.deepEqual(choose(seed), choose(seed))
  })

  it('go through every manager with every change that it can have in seventy', () => {
    const pairs = new Set(
      Array.from({ length: 70 }, (_, seed) => choose(seed)).map((one) => `${one.manager} ${one.change}`),
    )
    // Four that know fourteen changes, and Maven, which has no launchers, linters and separate builds.
    assert.equal(pairs.size, 4 * 14 + 10)
  })
})
