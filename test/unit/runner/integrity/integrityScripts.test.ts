import assert from 'node:assert/strict'
import { integrityRules } from '../../../../src/runner/ecosystems/index.ts'
import { integrityWarnings } from '../../../../src/runner/integrity/integrity.ts'
import { patchWarnings } from '../../../../src/runner/patch/warnings.ts'
import { patchOf } from '../../../support/patches.ts'
import { honestScripts } from '../../../support/scriptChanges/honest.ts'
import { manifest, type Pair } from '../../../support/scriptChanges/make.ts'
import { otherCheats } from '../../../support/scriptChanges/otherCheats.ts'
import { testCheats } from '../../../support/scriptChanges/testCheats.ts'

const rules = await integrityRules()

function codes([before, after]: Pair): string[] {
  const patch = patchOf(before, after)
  const changes = patch.files.map(({ path, role }) => ({
    path,
    role,
    before: before[path],
    after: after[path],
  }))
  const kit = new Map(Object.entries({ 'package.json': manifest({}), ...before }))
  return [...integrityWarnings({ changes, kit }, rules), ...patchWarnings(patch, ['package.json'])].map(
    ({ code }) => code,
  )
}

describe('integrity of scripts, by their syntax', () => {
  for (const [name, pair] of Object.entries({ ...testCheats, ...otherCheats }))
    it(`flags ${name}`, () => assert.notDeepEqual(codes(pair), []))
  for (const [name, pair] of Object.entries(honestScripts))
    it(`says nothing of an honest change: ${name}`, () => assert.deepEqual(codes(pair), []))

  it('gives up on text made to keep a parser busy', () => {
    const nested = '<a>('.repeat(60)
    const started = performance.now()
    codes([{ 'test/a.test.ts': 'x()\n' }, { 'test/a.test.ts': `${nested}\n` }])
    assert.ok(performance.now() - started < 20_000)
  })
})
