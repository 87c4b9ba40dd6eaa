import assert from 'node:assert/strict'
import { diffOfDiffs } from '../../../../src/runner/patch/difference.ts'
import { patchOf } from '../../../support/patches.ts'

describe('the diff of two diffs', () => {
  const base = { 'a.js': 'one\ntwo\nthree\n', 'b.js': 'x\n', 'package-lock.json': '{}\n' }
  const patch = (after: Readonly<Record<string, string>>) => patchOf(base, { ...base, ...after }).text

  it('says of each file whether both change it, and in what they differ; lock files aside', () => {
    const before = patch({ 'a.js': 'one\n2\nthree\n', 'b.js': 'y\n', 'package-lock.json': '{"a":1}\n' })
    const after = patch({ 'a.js': 'one\n-- 2\nthree\n', 'b.js': 'y\n', 'c.js': 'new\n' })
    assert.deepEqual(diffOfDiffs(before, after), [
      { path: 'a.js', how: 'differs', text: ' modified\n -two\n-+2\n++-- 2' },
      { path: 'b.js', how: 'same', text: '' },
      { path: 'c.js', how: 'only after', text: '+added\n++new' },
    ])
  })

  it('does not count where the same lines stand', () => {
    const before = patchOf({ 'a.js': 'one\ntwo\n' }, { 'a.js': 'one\n2\n' }).text
    const after = patchOf({ 'a.js': 'zero\none\ntwo\n' }, { 'a.js': 'zero\none\n2\n' }).text
    assert.deepEqual(diffOfDiffs(before, after), [{ path: 'a.js', how: 'same', text: '' }])
    assert.deepEqual(diffOfDiffs('', ''), [])
  })
})
