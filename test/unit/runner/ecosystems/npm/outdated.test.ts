import assert from 'node:assert/strict'
import { changeOf } from '../../../../../src/runner/ecosystems/npm/outdated.ts'

const steps: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  major: [
    ['1.2.3', '2.0.0'],
    ['0.7.4', '0.33.0'],
    ['0.0.3', '0.0.4'],
    ['0.9.0', '1.0.0'],
  ],
  minor: [['1.2.3', '1.3.0']],
  patch: [
    ['1.2.3', '1.2.4'],
    ['0.7.4', '0.7.5'],
  ],
  none: [['0.7.4', '0.7.4']],
}

describe('how far a newer version is away', () => {
  for (const [change, pairs] of Object.entries(steps))
    for (const [from, to] of pairs)
      it(`${from} to ${to}: ${change}`, () => assert.equal(changeOf(from, to), change))
})
