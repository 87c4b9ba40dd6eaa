import assert from 'node:assert/strict'
import type { ApiChange } from '../../../../src/runner/ecosystems/release/release.ts'
import { change, lines, moved } from '../../../support/callSites.ts'

const removed = (name: string) => ({ changes: [change('removed', name)] })
const file = (...text: readonly string[]) => `${text.join('\n')}\n`
const read = (word: string, before = word): ApiChange => ({
  ...{ name: word, word, kind: 'removed', of: 'word', before: [before], after: [] },
})

describe('call sites by what is given to functions', () => {
  it('are uses of the parameter of a function of the repository, there and in another file', async () => {
    const files = {
      'src/upload.js': file(
        "const { Form } = require('lib')",
        "const { describe } = require('./describe')",
        'const form = new Form()',
        'form.parse(request, (error, fields, files) => {',
        '  done(describe(files.chart))',
        '})',
      ),
      'src/describe.js': file(
        'function describe(file) {',
        '  return file.path',
        '}',
        'module.exports = { describe }',
      ),
    }
    assert.deepEqual(await lines(files, removed('File.path')), ['src/describe.js:2'])
  })

  it('are uses of an object that a function makes of the package, and of what a call of it comes to', async () => {
    const files = {
      'src/made.js': file(
        "const { Client, ask } = require('lib')",
        'function makeClient() {',
        '  return new Client()',
        '}',
        'function asked() {',
        '  return ask()',
        '}',
        'module.exports = { makeClient, asked }',
      ),
      'src/save.js': file(
        "const { makeClient, asked } = require('./made')",
        'const client = makeClient()',
        'client.put(1)',
        'asked().put(1)',
      ),
    }
    assert.deepEqual(await lines(files, removed('Client.put')), ['src/save.js:3', 'src/save.js:4'])
    // Of which nothing is known to be gone: it may be a mere value.
    const used = ['src/made.js:3', 'src/made.js:6', 'src/save.js:2', 'src/save.js:3']
    assert.deepEqual(await lines(files, {}), used)
  })

  it('are uses of whatever a failing line calls a changed member on', async () => {
    const files = {
      'src/make.js': "module.exports = new (require('lib').Client)()\n",
      'src/tides.js': file('function tides(store) {', '  store.fetchOne(1)', '  store.fetchAll(1)', '}'),
    }
    const given = { changes: [change('removed', 'Client.fetchOne'), change('removed', 'Client.fetchAll')] }
    assert.deepEqual(await lines(files, given), ['src/make.js:1'])
    assert.deepEqual(await lines(files, { ...given, fails: moved('src/tides.js', 2) }), [
      'src/tides.js:2',
      'src/tides.js:3',
    ])
  })

  it('are no names of what the repository made of the package, there and where it is loaded from', async () => {
    const files = {
      'test/support.js': file(
        "const lib = require('lib')",
        'const sandbox = lib.sandbox.create()',
        'const spy = lib.spy',
        'sandbox.stub(spy(1))',
        'module.exports = { sandbox, spy }',
      ),
      'test/a.test.js': file("const { sandbox } = require('./support')", 'sandbox.stub(1)'),
    }
    const given = { changes: [change('removed', 'Static.sandbox'), change('removed', 'Static.spy')] }
    assert.deepEqual(await lines(files, given), [
      'test/support.js:2',
      'test/support.js:3',
      'test/support.js:4',
      'test/support.js:5',
    ])
  })

  it('are globals of a test runner, in tests', async () => {
    const files = {
      'test/a.test.js': file("test('a', () => {", '  expect(a).toBeCalled()', '  jest.genMock()', '})'),
      'src/expect.js': 'expect(a).toBeCalled()\n',
    }
    const given = { changes: [change('removed', 'Matchers.toBeCalled'), change('removed', 'Jest.genMock')] }
    assert.deepEqual(await lines(files, { ...given, package: 'jest' }), [
      'test/a.test.js:2',
      'test/a.test.js:3',
    ])
    assert.deepEqual(await lines(files, { ...given, package: 'lib' }), [])
  })
})

describe('call sites by words alone', () => {
  it('are keys of what is handed over and members, but no names of the file itself', async () => {
    const files = {
      'src/a.js': file(
        "const { open } = require('lib')",
        'const store = open({ maxAge: 1 })',
        'const kept = store.oldest',
        'const dispose = open()',
        'dispose()',
      ),
    }
    const given = { changes: [read('maxAge'), read('oldest'), read('dispose')] }
    assert.deepEqual(await lines(files, given), ['src/a.js:2', 'src/a.js:3'])
  })

  it('are strings in quotes where something is handed over', async () => {
    const files = {
      'src/a.js': file("const bus = require('lib')()", "bus.on('opened', tell)", 'bus.send(opened)'),
      'src/b.js': "door.on('opened', tell)\n",
    }
    assert.deepEqual(await lines(files, { changes: [read('opened', "'opened'")] }), ['src/a.js:2'])
  })

  it('are members of an interface that went as a whole', async () => {
    const files = { 'src/a.js': file("const mock = require('lib')", 'mock.reset()', 'mock.called()') }
    const changes = [{ ...change('removed', 'MockStatic'), lost: ['reset'] }]
    assert.deepEqual(await lines(files, { changes }), ['src/a.js:2'])
  })
})

describe('call sites that go with others', () => {
  it('are the value of a key that is gone or no longer takes it', async () => {
    const files = {
      'src/a.js': file(
        "const { slice } = require('lib')",
        'slice({',
        '  extra: {',
        '    one: 1,',
        '  },',
        '  name: {',
        '    two: 2,',
        '  },',
        '})',
      ),
    }
    const inside = ['src/a.js:3', 'src/a.js:4', 'src/a.js:5']
    assert.deepEqual(await lines(files, removed('Options.extra')), inside)
    const narrowed = change(
      'changed',
      'Options.extra',
      ['extra?: Map<A> | ((b: B) => void)'],
      ['extra?: (b: B) => void'],
    )
    assert.deepEqual(await lines(files, { changes: [narrowed] }), inside)
    const other = change('changed', 'Options.extra', ['extra?: Map<A>'], ['extra?: Map<B>'])
    assert.deepEqual(await lines(files, { changes: [other] }), ['src/a.js:3'])
  })

  it('are the import that takes what an option is now', async () => {
    const files = { 'src/a.js': file("const { use } = require('lib')", 'use({ keepOld: true })') }
    const changes = [change('removed', 'Options.keepOld'), change('added', 'keepOld')]
    assert.deepEqual(await lines(files, { changes }), ['src/a.js:1', 'src/a.js:2'])
  })

  it('are the import of a name that a compiler misses, and an annotation that says too little', async () => {
    const files = {
      'src/a.tsx': file(
        "import { clone, type Element } from 'lib'",
        'interface Props {',
        '  icon?: Element',
        '  title?: string',
        '}',
      ),
    }
    const said = (compiler: string) => ({ fails: { compiler, file: 'src/a.tsx' } })
    assert.deepEqual(await lines(files, said("TS2503: Cannot find namespace 'JSX'.")), ['src/a.tsx:1'])
    assert.deepEqual(await lines(files, said("TS18046: 'icon.props' is of type 'unknown'.")), ['src/a.tsx:3'])
    assert.deepEqual(await lines(files, said("TS18046: 'title.x' is of type 'unknown'.")), [])
  })

  it('are the head of a function that fails where a caller is known', async () => {
    const files = {
      'src/scope.js': file(
        "require('lib')",
        'function scopeOf(context) {',
        '  return context.getScope().map((one) => one.name)',
        '}',
        'module.exports = { scopeOf }',
      ),
      'src/rule.js': file("const { scopeOf } = require('./scope')", 'scopeOf(context)'),
    }
    const fails =
      '- TypeError: context.getScope is not a function\n    at src/scope.js:3\n    at src/rule.js:2'
    assert.deepEqual(await lines(files, removed('Context.getScope')), ['src/scope.js:1'])
    const given = { ...removed('Context.getScope'), fails }
    assert.deepEqual(await lines(files, given), ['src/scope.js:2', 'src/scope.js:3'])
  })

  it('are each require of what is an ES module now, and no call of its default', async () => {
    const files = {
      'src/a.js': file("const lib = require('lib')", 'lib(1)'),
      'test/a.test.js': file("const { one } = require('lib')", 'one()'),
    }
    const format: ApiChange = {
      ...{ name: 'module format', word: 'module format', kind: 'changed', of: 'package' },
      ...{ before: ['CommonJS'], after: ['ES module only'] },
    }
    const given = { changes: [format, change('added', 'default')] }
    assert.deepEqual(await lines(files, given), ['src/a.js:1', 'test/a.test.js:1'])
  })
})

describe('call sites by failures', () => {
  it('are what a file uses that a failure leads through, where nothing there is known to be gone', async () => {
    const files = {
      'src/a.js': file("const { open } = require('lib')", 'open(1)'),
      'src/b.js': file("const { shut, hook } = require('lib')", 'hook(1)', 'shut(1)'),
      'test/a.test.js': file("const { a } = require('../src/a')", 'a()'),
    }
    const given = removed('shut')
    assert.deepEqual(await lines(files, given), ['src/b.js:1', 'src/b.js:3'])
    const led = ['src/a.js:2', 'src/b.js:1', 'src/b.js:3']
    assert.deepEqual(await lines(files, { ...given, fails: moved('src/a.js', 2) }), led)
    assert.deepEqual(await lines(files, { ...given, fails: moved('test/a.test.js', 2) }), led)
  })

  it('are values that they quote', async () => {
    const files = {
      'src/a.js': "require('lib').format(1)\n",
      'src/patterns.js': "module.exports = { day: 'YYYY-MM', kind: 'function' }\n",
    }
    const fails = '- RangeError: use `yyyy` (in `YYYY-MM`), not "function"\n    at src/a.js:1'
    assert.deepEqual(await lines(files, { fails }), ['src/a.js:1', 'src/patterns.js:1'])
    const compared = "- AssertionError: 'YYYY-MM' == '2024-05'\n    at src/a.js:1"
    assert.deepEqual(await lines(files, { fails: compared }), ['src/a.js:1'])
  })
})
