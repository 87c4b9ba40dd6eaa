import assert from 'node:assert/strict'
import type { Tree } from '../../../../src/runner/ecosystems/ecosystem.ts'
import { findCallSites } from '../../../../src/runner/repair/callSites.ts'

function treeOf(files: Readonly<Record<string, string>>): Tree {
  return {
    paths: Object.keys(files),
    read: async (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
  }
}

describe('findCallSites', () => {
  async function lines(
    files: Readonly<Record<string, string>>,
    name: string,
    sites?: number,
  ): Promise<string[]> {
    const found = await findCallSites(treeOf(files), { package: name }, sites === undefined ? {} : { sites })
    return found.map((site) => `${site.path}:${site.line}`)
  }

  it('finds imports of every form and the uses of what they bind', async () => {
    const files = {
      'a.ts': "import def, { one as two } from 'lib'\n\nconst x = two()\nconst y = xtwo() + other\n",
      'b.cjs': "const { three } = require('lib/sub')\nmodule.exports = three(1)\n",
      'c.mts': "const m = await import('lib')\nm.go()\n",
      'd.ts': "import {\n  four,\n} from 'lib'\nfour`x`\n",
      'e.ts': "export * from 'lib'\n",
      'f.ts': "import x from 'library'\nimport y from '@scope/lib'\n",
    }
    assert.deepEqual(await lines(files, 'lib'), [
      'a.ts:1',
      'a.ts:3',
      'b.cjs:1',
      'b.cjs:2',
      'c.mts:1',
      'c.mts:2',
      'd.ts:2',
      'd.ts:3',
      'd.ts:4',
      'e.ts:1',
    ])
    assert.deepEqual(await lines(files, '@scope/lib'), ['f.ts:2'])
  })

  it('finds Java imports by the group', async () => {
    const files = { 'src/A.java': 'package a;\nimport org.junit.Test;\nclass A { @Test void x() {} }\n' }
    assert.deepEqual(await lines(files, 'org.junit:junit'), ['src/A.java:2', 'src/A.java:3'])
  })

  it('leaves out what is not source, and puts imports first where it is too much', async () => {
    const files = {
      'node_modules/x/a.js': "require('lib')",
      'dist/a.js': "require('lib')",
      'README.md': "require('lib')",
      'a.js': "const l = require('lib')\nconst lib = require('lib')\nlib()\nlib()\nlib()\n",
      'z.js': "const lib = require('lib')\nlib()\n",
    }
    assert.deepEqual(await lines(files, 'lib', 3), ['a.js:1', 'a.js:2', 'z.js:1'])
  })
})
