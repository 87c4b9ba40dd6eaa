import assert from 'node:assert/strict'
import { minimisedLine } from '../../../src/contract/minimised.ts'

describe('what came of the search for needless parts', () => {
  const one = [{ path: 'a.ts' }]
  const cases = [
    [{ unneeded: [], checks: 0, complete: false }, 'not looked for parts of the repair that are not needed'],
    [{ unneeded: [], checks: 0, complete: true }, 'the repair has one part'],
    [{ unneeded: [], checks: 3, complete: true }, 'every part of the repair is needed (3 checks)'],
    [{ unneeded: one, checks: 1, complete: true }, '1 part of the repair not needed (1 check)'],
    [
      { unneeded: [], checks: 2, complete: false },
      '0 parts of the repair not needed so far; not every part was tried: after 2 checks it had taken the time that it may',
    ],
  ] as const
  for (const [{ unneeded, ...found }, line] of cases)
    it(line, () => assert.equal(minimisedLine({ ...found, unneeded: [...unneeded] }), line))
})
