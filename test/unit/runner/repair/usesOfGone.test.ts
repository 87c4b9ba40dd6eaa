import assert from 'node:assert/strict'
import type { ApiChange } from '../../../../src/runner/ecosystems/release/release.ts'
import { usesOfGone } from '../../../../src/runner/repair/callSites.ts'
import { termsOf } from '../../../../src/runner/repair/sites/terms.ts'
import { change } from '../../../support/callSites.ts'
import { treeOf } from '../../../support/tree.ts'

async function uses(files: Readonly<Record<string, string>>, changes: readonly ApiChange[]) {
  const terms = termsOf('lib', { notes: [], changes, source: 'declarations', namespaces: [] }, undefined)
  const found = await usesOfGone(treeOf(files), { package: 'lib', terms })
  return found.map(({ path, line, uses = [] }) => `${path}:${line} ${uses.join()}`)
}

const format: ApiChange = {
  ...{ name: 'module format', word: 'module format', kind: 'changed', of: 'package' },
  ...{ before: ['CommonJS'], after: ['ES module only'] },
}

describe('uses of what is gone, by the interface alone', () => {
  const text = "const lib = require('lib')\nexports.a = () => lib.old(1)\nexports.b = () => lib.kept(1)\n"

  it('are those lines of code, and none of tests', async () => {
    const files = { 'src/a.js': text, 'test/a.test.js': text, 'scripts/b.js': text }
    assert.deepEqual(await uses(files, [change('removed', 'old')]), ['scripts/b.js:2 old', 'src/a.js:2 old'])
    assert.deepEqual(await uses(files, [change('changed', 'kept', ['a'], ['b'])]), [])
    assert.deepEqual(await uses(files, []), [])
  })

  it('are none of what a file without the package has by a name, and no key of an object of another', async () => {
    const files = {
      'a.js':
        "const lib = require('lib')\nexports.make = () => ({ store: lib.open() })\nother({ old: 1 })\nlib.open({ old: 1 })\n",
      'b.js': 'context.store.old()\n',
    }
    assert.deepEqual(await uses(files, [change('removed', 'old')]), ['a.js:4 old'])
  })

  it('are calls of what `require` gave as well, where its default is called as before', async () => {
    const called = "const lib = require('lib')\nexports.a = () => lib(1)\n"
    const changes = [format, change('added', 'default')]
    assert.deepEqual(await uses({ 'a.js': called }, changes), ['a.js:1 lib', 'a.js:2 lib'])
    const imported = "import lib from 'lib'\nexport const a = () => lib(1)\n"
    assert.ok(!(await uses({ 'a.js': imported }, changes)).includes('a.js:2 lib'))
    const taken = called.replace("require('lib')", "require('lib').default")
    assert.ok(!(await uses({ 'a.js': taken }, changes)).includes('a.js:2 lib'))
  })
})
