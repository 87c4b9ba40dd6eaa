import assert from 'node:assert/strict'
import type { ApiChange } from '../../../../src/runner/ecosystems/release/release.ts'
import { change, lines, moved } from '../../../support/callSites.ts'

const file = (...text: readonly string[]) => `${text.join('\n')}\n`
const removed = (name: string) => ({ changes: [change('removed', name)] })

describe('call sites of what travels by hand', () => {
  it('are uses of what a function got of the package, by the parameter of one that a module hands out', async () => {
    const files = {
      'lib/made.js': file(
        "const lib = require('lib')",
        'module.exports = function made (work) {',
        '  return lib.queue(work)',
        '}',
      ),
      'lib/counts.js': file('module.exports = function counts (queue) {', '  queue.drain(1)', '}'),
      'lib/run.js': file(
        "const made = require('./made')",
        "const counts = require('./counts')",
        'exports.run = function (work) {',
        '  const queue = made(work(1), 2)',
        '  counts(queue)',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, removed('Queue.drain')), ['lib/counts.js:2'])
  })

  it('are uses of what a class is constructed with, made by a method of the package', async () => {
    const files = {
      'src/open.js': file(
        "const { Level } = require('lib')",
        "const { Marks } = require('./marks')",
        'const db = new Level(1)',
        "exports.marks = new Marks(db.part('marks', { kind: 'json' }), 1)",
      ),
      'src/marks.js': file(
        'class Marks {',
        '  constructor (level) {',
        '    this.level = level',
        '  }',
        '  one () { return this.level.fetch(1) }',
        '}',
        'module.exports = { Marks }',
      ),
    }
    assert.deepEqual(await lines(files, removed('Level.fetch')), ['src/marks.js:5'])
  })

  it('are uses of what a call of the package threw, in the function that is asked about it as well', async () => {
    const files = {
      'src/ask.js': file(
        "const lib = require('lib')",
        "const { isMissing } = require('./faults')",
        'async function ask() {',
        '  try {',
        '    return await lib.get(1)',
        '  } catch (err) {',
        '    return isMissing(err)',
        '  }',
        '}',
      ),
      'src/faults.js': file(
        'function isMissing(err) {',
        '  return err.statusCode === 404',
        '}',
        'function other(err) {',
        '  return err.code',
        '}',
        'module.exports = { isMissing }',
      ),
    }
    assert.deepEqual(await lines(files, removed('HTTPError.statusCode')), ['src/faults.js:2'])
  })

  it('are uses of what a function that is handed to the package is given, and one that it gives back', async () => {
    const files = {
      'src/make.js': file(
        "const lib = require('lib')",
        "const plugin = require('./plugin')",
        "const { each } = require('./each')",
        'lib().use(plugin).forEach(each)',
      ),
      'src/plugin.js': file(
        'module.exports = function plugin() {',
        '  return (tree, page) => {',
        '    page.contents(tree)',
        '  }',
        '}',
      ),
      'src/each.js': 'exports.each = (page) => page.contents(1)\n',
    }
    assert.deepEqual(await lines(files, removed('Page.contents')), ['src/each.js:1', 'src/plugin.js:3'])
  })

  it('are methods of a client that is known by a type of the repository', async () => {
    const files = {
      'src/client.ts': file("import { Api } from 'lib'", 'export type Client = Api'),
      'src/ask.ts': file(
        "import type { Client } from './client.ts'",
        'export const ask = (client: Client) => client.createOne(1)',
      ),
    }
    assert.deepEqual(await lines(files, removed('Api.createOne')), ['src/ask.ts:2'])
  })

  it('are functions assigned beside one that is no property any more, with their ends', async () => {
    const files = {
      'src/run.js': file(
        "const lib = require('lib')",
        'const queue = lib.queue(1)',
        'queue.drain = function () {',
        '  done()',
        '}',
        'queue.error = (err) => {',
        '  failed(err)',
        '}',
        'other.error = function () {}',
      ),
    }
    const notes = '## Breaking Changes\n- `q.drain` is now a method, no longer a property\n'
    assert.deepEqual(
      await lines(files, { notes }),
      [3, 5, 6, 8].map((line) => `src/run.js:${line}`),
    )
  })

  it('are calls of what is loaded and called at once where a failure leads through them', async () => {
    const files = {
      'src/a.js': "require('lib').config({ path: 1 })\n",
      'src/b.js': file("const lib = require('lib')", 'lib.load({ hook: 1 })'),
    }
    const given = { ...removed('Options.hook'), fails: moved('src/a.js', 1) }
    assert.deepEqual(await lines(files, given), ['src/a.js:1', 'src/b.js:2'])
  })
})

describe('call sites in what a compiler has read', () => {
  const said = "- TS2339: Property 'gone' does not exist on type 'Made'.\n  src/a.ts:2"

  it('are not what is merely different and fits', async () => {
    const files = {
      'src/a.ts': file("import { made } from 'lib'", 'made.gone(1)', 'made.other(1)', 'made.later(1)'),
      'src/b.js': file("const { made } = require('lib')", 'made.other(1)'),
    }
    const changes = [
      change('changed', 'Made.other', ['other(a: string): void'], ['other(a: number): void']),
      change('changed', 'Made.later', ['later(a: string): void'], ['later(a: string): Promise<void>']),
    ]
    const all = ['src/a.ts:2', 'src/a.ts:3', 'src/a.ts:4', 'src/b.js:2']
    const fails = '- TypeError: made.gone is not a function\n  src/a.ts:2'
    assert.deepEqual(await lines(files, { changes, fails }), all)
    const compiled = ['src/a.ts:2', 'src/a.ts:4', 'src/b.js:2']
    assert.deepEqual(await lines(files, { changes, fails: { compiler: said } }), compiled)
  })

  it('are not names that are missed in what has no type any more', async () => {
    const files = {
      'src/a.ts': file("import { ask } from 'lib'", 'ask(1).gone', 'export const b = ask({ name: 1 })'),
    }
    const compiler = `${said}\n- TS2339: Property 'name' does not exist on type '{}'.\n  src/a.ts:9`
    assert.deepEqual(await lines(files, { fails: { compiler } }), ['src/a.ts:2'])
  })

  it('are, of an interface that asks for more, only where it is implemented', async () => {
    const files = {
      'src/Shop.java': file(
        'import org.lib.Cell;',
        'class Shop {',
        '  Cell cell;',
        '  Cell made = new Cell() {};',
        '  static class Own implements Cell {}',
        '}',
      ),
    }
    const changes: ApiChange[] = [
      {
        ...change('changed', 'org.lib.Cell', ['interface Cell'], ['to be implemented: void set(Kind)']),
      },
    ]
    const given = { package: 'org.lib:lib', namespaces: ['org.lib'], changes }
    assert.deepEqual(await lines(files, given), ['src/Shop.java:4', 'src/Shop.java:5'])
  })
})

describe('call sites of options of a command', () => {
  it('are strings that begin with one that is not known any more', async () => {
    const files = {
      'scripts/run.js': file(
        "const args = ['--env.production', '--environment']",
        'args.push(`--env=1`)',
        "args.push('--out')",
      ),
    }
    const fails = "- Error: Unknown option '--env.production'"
    assert.deepEqual(await lines(files, { fails }), ['scripts/run.js:1', 'scripts/run.js:2'])
  })
})

describe('functions that pass on a callback', () => {
  it('have nothing to wait for where the package gives a promise now', async () => {
    const files = {
      'src/find.js': file(
        "const lib = require('lib')",
        'function find (id, done) {',
        '  lib.get(id, function (err, one) {',
        '    if (err) return done(err)',
        '    more(one, function (err) {',
        '      done(err)',
        '    })',
        '  })',
        '}',
        'find(1, console.log)',
      ),
    }
    const changes = [change('changed', 'get', ['get(id, callback: F): void'], ['get(id): Promise<void>'])]
    assert.deepEqual(
      await lines(files, { changes }),
      [3, 4, 8].map((line) => `src/find.js:${line}`),
    )
  })
})
