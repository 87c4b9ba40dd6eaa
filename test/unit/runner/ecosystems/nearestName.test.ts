import assert from 'node:assert/strict'
import { nearestName } from '../../../../src/runner/ecosystems/nearestName.ts'

describe('the declared name that was meant', () => {
  const declared = ['express', 'ms', 'qs', '@babel/core', 'org.junit.jupiter:junit-jupiter-api', 'chalk']
  const cases = [
    ['expres', 'express'],
    ['exprss', 'express'],
    ['chlak', undefined],
    ['chalks', 'chalk'],
    ['babel/core', '@babel/core'],
    ['core', '@babel/core'],
    ['junit-jupiter-api', 'org.junit.jupiter:junit-jupiter-api'],
    ['junit:junit-jupiter-api', 'org.junit.jupiter:junit-jupiter-api'],
    // As good as any other of two letters.
    ['fs', undefined],
    ['lodash', undefined],
  ] as const
  for (const [written, meant] of cases) {
    it(`${written}: ${meant ?? 'none'}`, () => assert.equal(nearestName(written, declared), meant))
  }
})
