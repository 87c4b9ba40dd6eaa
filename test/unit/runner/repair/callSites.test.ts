import assert from 'node:assert/strict'
import { isImported } from '../../../../src/runner/repair/callSites.ts'
import { change, found, lines } from '../../../support/callSites.ts'
import { treeOf } from '../../../support/tree.ts'

describe('findCallSites', () => {
  it('knows imports of every form', async () => {
    const forms = [
      "import def, { one as two } from 'lib'\n",
      "const { three } = require('lib/sub')\n",
      "const m = await import('lib')\n",
      "import {\n  four,\n} from 'lib'\n",
      "export * from 'lib'\n",
    ]
    for (const text of forms)
      assert.equal(await isImported(treeOf({ 'a.ts': text }), { package: 'lib' }), true)
    const others = "import x from 'library'\nimport y from '@scope/lib'\n"
    assert.equal(await isImported(treeOf({ 'f.ts': others }), { package: 'lib' }), false)
    assert.equal(await isImported(treeOf({ 'f.ts': others }), { package: '@scope/lib' }), true)
    const java = { 'src/A.java': 'package a;\nimport org.junit.Test;\n' }
    assert.equal(await isImported(treeOf(java), { package: 'org.junit:junit' }), true)
  })

  const travelling = {
    'src/context.js':
      "const { open } = require('lib')\nmodule.exports.make = () => ({ store: open(), list: [] })\n",
    'src/save.js':
      'function save(context, key) {\n  const { put } = context.store\n  put(key)\n  context.list.put(key)\n}\n',
    'src/form.js': 'class Form {\n  put(key) {}\n}\nform.put(1)\n',
  }

  it('follows what the package gives into files that do not import it, and no other of the same name', async () => {
    const given = { changes: [change('removed', 'Store.put')] }
    assert.deepEqual(await lines(travelling, given), ['src/save.js:2', 'src/save.js:3'])
    const { importers } = await found(travelling, given)
    assert.deepEqual(importers, ['src/context.js'])
  })

  it('follows no name that many files have which have nothing of the package', async () => {
    const own = "const lib = require('lib')\nmodule.exports.make = () => ({ platform: lib() })\n"
    const others = ['a', 'b', 'c', 'd'].map((name) => [`src/${name}.js`, 'context.platform.close()\n'])
    const given = { changes: [change('removed', 'Platform.close')] }
    assert.deepEqual(await lines({ 'src/own.js': own, ...Object.fromEntries(others) }, given), [
      'src/own.js:2',
    ])
    assert.deepEqual(await lines({ 'src/own.js': own, ...Object.fromEntries(others.slice(0, 1)) }, given), [
      'src/a.js:1',
    ])
  })

  it('follows no value that a name of the package only decides on, and no comment', async () => {
    const own =
      "const lib = require('lib')\n/*\n  remark: lib\n*/\nexports.a = { engine: lib ? one() : two() }\n"
    const other = 'context.engine.close()\ncontext.remark.close()\n'
    const given = { changes: [change('removed', 'Platform.close')] }
    assert.deepEqual(await lines({ 'src/own.js': own, 'src/other.js': other }, given), ['src/own.js:1'])
  })

  it('shows direct uses before those that something travelled to, and calls no file with a use one without', async () => {
    const files = {
      'src/a.js': 'context.store.put(1)\n',
      'src/y.js': "const { open } = require('lib')\nopen().put(1)\n",
      'src/z.js': "const { open } = require('lib')\nexports.a = () => ({ store: open() })\nopen().put(1)\n",
    }
    const given = { changes: [change('removed', 'Store.put')], limits: { sites: 1 } }
    const { sites, cut, importers, more } = await found(files, given)
    assert.deepEqual(
      sites.map(({ path }) => path),
      ['src/y.js'],
    )
    assert.deepEqual({ cut, importers }, { cut: ['src/z.js'], importers: [] })
    assert.ok(more >= 2)
  })

  it('takes a member that is loaded by itself for no call of the package', async () => {
    const files = { 'src/a.js': "var expect = require('lib').expect\nexpect(1)\n" }
    const changes = [change('removed', 'export =')]
    assert.ok(!(await lines(files, { changes })).includes('src/a.js:2'))
  })

  it('shows what is used where nothing is known to have changed', async () => {
    const files = {
      'src/hub.js':
        "const ws = require('lib')\nconst hub = new ws.Server()\nhub.on('connection', (socket) => onMessage(hub, socket))\n",
      'src/message.js':
        "function onMessage(hub, socket) {\n  socket.on('message', (data) => {\n    if (typeof data !== 'string') return\n  })\n}\n",
    }
    const all = await lines(files, {})
    for (const line of ['src/hub.js:2', 'src/message.js:2', 'src/message.js:3'])
      assert.ok(all.includes(line), line)
    assert.ok(!all.includes('src/hub.js:1'))
  })

  it('finds option keys in a file that is handed to the package, and values that are no longer there', async () => {
    const files = {
      'src/read.js':
        "const { parse } = require('lib')\nconst { options } = require('./options')\nparse('', options)\n",
      'src/options.js': 'module.exports.options = {\n  relax: true,\n  trim: true,\n}\n',
      'src/explain.js': "const texts = { E_HEAVY: 'heavy' }\nif (error.code === 'E_LOST') throw error\n",
      'src/other.js': 'const settings = {\n  relax: true,\n}\n',
    }
    const changes = [
      change('removed', 'Options.relax'),
      change(
        'changed',
        'Code',
        ["type Code = 'E_HEAVY' | 'E_LOST' | 'OTHER'"],
        ["type Code = 'L_HEAVY' | 'L_LOST' | 'OTHER'"],
      ),
    ]
    assert.deepEqual(await lines(files, { changes }), [
      'src/explain.js:1',
      'src/explain.js:2',
      'src/options.js:2',
    ])
  })

  it('finds imports of modules that are gone, and of what a failure misses', async () => {
    const files = {
      'a.js': "const { parse } = require('lib/legacy/parse')\n",
      'b.mjs': "import { format } from 'lib/legacy/format.js'\n",
      'c.js': "const { tie } = require('knots')\n",
      'd.js': "const { berth } = require('lib')\n",
    }
    const changes = [change('removed', 'lib/legacy/parse'), change('removed', 'lib/legacy/format')]
    assert.deepEqual(await lines(files, { changes, fails: "Error: Cannot find module 'knots'" }), [
      'a.js:1',
      'b.mjs:1',
      'c.js:1',
    ])
  })

  it('finds scripts that call its commands and configuration that it reads, by what a failure quotes', async () => {
    const files = {
      'package.json':
        '{\n  "scripts": {\n    "lint": "lib --ext .js src",\n    "test": "node --test"\n  },\n  "lib": "--ext"\n}\n',
      'scripts/check.sh': '#!/bin/sh\nnpx lib --ext .js\n',
      '.librc.json': '{\n  "root": true,\n  "outDir": "out"\n}\n',
    }
    const given = { commands: ['lib'], fails: "Invalid option '--ext'\nunknown key outDir" }
    assert.deepEqual(await lines(files, given), ['.librc.json:3', 'package.json:3', 'scripts/check.sh:2'])
    assert.deepEqual(await lines(files, {}), [])
  })

  it('takes the names that a changelog gives for what is gone', async () => {
    const files = { 'a.js': "const lib = require('lib')\nlib.send(1)\nlib.keep(2)\n" }
    const notes = '* remove:\n  - `lib.send(status)` signature\n* add:\n  - `lib.keep`\n'
    assert.deepEqual(await lines(files, { notes }), ['a.js:2'])
  })

  it('says what is not shown, what has to change first', async () => {
    const uses = Array.from({ length: 5 }, () => 'lib.keep()\n').join('')
    const files = {
      'node_modules/x/a.js': "require('lib').gone()",
      'a.js': `const lib = require('lib')\n${uses}lib.gone()\nlib.gone()\nlib.different()\n`,
    }
    const changes = [change('removed', 'gone'), change('changed', 'different', ['a'], ['b'])]
    const limited = await found(files, { changes, limits: { sites: 2 } })
    assert.deepEqual(
      limited.sites.map(({ line }) => line),
      [7, 8],
    )
    assert.equal(limited.more, 6)
  })

  it('names a test only for what is gone', async () => {
    const files = {
      'src/a.js': "const lib = require('lib')\nlib.different()\n",
      'test/a.test.js': "const lib = require('lib')\nlib.different()\nlib.gone()\n",
    }
    const changes = [change('removed', 'gone'), change('changed', 'different', ['a'], ['b'])]
    assert.deepEqual(await lines(files, { changes }), ['src/a.js:2', 'test/a.test.js:3'])
  })
})
