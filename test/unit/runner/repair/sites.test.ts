import assert from 'node:assert/strict'
import { type ApiChange, change, lines, moved } from '../../../support/callSites.ts'

const removed = (name: string): { changes: ApiChange[] } => ({ changes: [change('removed', name)] })
const java = { package: 'org.lib:lib', namespaces: ['org.lib'] }

/** Files of one line each are written as a text with line ends. */
const file = (...text: readonly string[]) => `${text.join('\n')}\n`

describe('call sites in a class of the package', () => {
  it('are methods that a class overrides, however they are written', async () => {
    const files = {
      'src/log.ts': file(
        "import { Transport } from 'lib'",
        'export class File extends Transport {',
        '  override async *write(',
        '    line: string,',
        '  ): AsyncGenerator<string> {}',
        '}',
        'export class Memory extends Transport {',
        '  write = (line: string) => this.lines.push(line)',
        '}',
        'class Own {',
        '  write(line: string) {}',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, removed('Transport.write')), ['src/log.ts:3', 'src/log.ts:8'])
  })

  it('are methods of a class below one of the package, in a file that does not import it', async () => {
    const files = {
      'src/base.ts': file(
        "import { Transport } from 'lib'",
        'export abstract class Base extends Transport {}',
      ),
      'src/file.ts': file(
        "import { Base } from './base'",
        'export class File extends Base {',
        '  write(line: string) {',
        '    this.flush()',
        '  }',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, removed('Transport.write')), ['src/file.ts:3', 'src/file.ts:4'])
    assert.deepEqual(await lines(files, removed('Transport.flush')), ['src/file.ts:4'])
  })

  it('are members of what implements or is typed as one of its interfaces', async () => {
    const files = {
      'src/plugin.ts': file(
        "import type { Plugin } from 'lib'",
        'export class Sort implements Plugin {',
        '  apply(tree: Tree): void {}',
        '}',
        'export const plain: Plugin = {',
        '  apply(tree) {},',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, removed('Plugin.apply')), ['src/plugin.ts:3', 'src/plugin.ts:6'])
  })
})

describe('call sites that reach the package through other files', () => {
  it('are uses of what a barrel file hands on, under its own or another name', async () => {
    const files = {
      'src/lib/client.ts': file("import { Client } from 'lib'", 'export const client = new Client()'),
      'src/lib/index.ts': file("export { client as remote } from './client'", "export * from './more'"),
      'src/lib/more.ts': file("export { parse } from 'lib'"),
      'src/save.ts': file("import { remote, parse } from './lib'", 'remote.put(parse())'),
      'src/other.ts': file("import { remote } from './elsewhere'", 'remote.put()'),
    }
    assert.deepEqual(await lines(files, removed('Client.put')), ['src/save.ts:2'])
    assert.deepEqual(await lines(files, removed('parse')), [
      'src/lib/more.ts:1',
      'src/save.ts:1',
      'src/save.ts:2',
    ])
  })

  it('are uses of what a file gives as a whole', async () => {
    const files = {
      'src/client.js': file("const { Client } = require('lib')", 'module.exports = new Client()'),
      'src/save.js': file("const store = require('./client')", 'store.put(1)'),
    }
    assert.deepEqual(await lines(files, removed('Client.put')), ['src/save.js:2'])
  })

  it('are uses under the name that a file gives a member', async () => {
    const files = {
      'a.ts': file("import { parse as read } from 'lib'", 'read(1)'),
      'b.js': file("const { parse: take } = require('lib')", 'take(1)'),
      'c.js': file("const lib = require('lib')", 'const { parse: get } = lib', 'get(1)', 'parse(1)'),
    }
    const changes = [change('changed', 'parse', ['parse(a)'], ['parse(b)'])]
    assert.deepEqual(await lines(files, { changes }), ['a.ts:2', 'b.js:2', 'c.js:2', 'c.js:3'])
    // Where the member has another name now, what it is called here can stay.
    assert.deepEqual(await lines(files, removed('parse')), ['a.ts:1', 'b.js:1', 'c.js:2'])
  })

  it('are uses of a module that is loaded by a name of its own', async () => {
    const files = {
      'a.mjs': file("const name = 'lib'", 'const lib = await import(name)', 'lib.put()'),
      'b.js': file('const lib = require(/* the old one */ `lib`)', 'lib.put()'),
      'c.js': file("const name = 'other'", 'const other = require(name)', 'other.put()'),
    }
    assert.deepEqual(await lines(files, removed('put')), ['a.mjs:3', 'b.js:2'])
  })
})

describe('call sites that are no calls', () => {
  it('are properties of a component', async () => {
    const files = {
      'src/page.tsx': file(
        "import { Button } from 'lib'",
        'export const Page = () => (',
        '  <main kind="own">',
        '    <Button kind="ghost" />',
        '    <Button',
        '      size={1}',
        '      kind="plain"',
        '    >',
        '      kind',
        '    </Button>',
        '  </main>',
        ')',
      ),
    }
    assert.deepEqual(await lines(files, removed('ButtonProps.kind')), ['src/page.tsx:4', 'src/page.tsx:7'])
  })

  it('are what a declaration file adds to the package', async () => {
    const files = {
      'types/lib.d.ts': file(
        "declare module 'lib' {",
        '  interface Session {',
        '    user: string',
        '  }',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, removed('Session')), ['types/lib.d.ts:2'])
    assert.deepEqual(await lines(files, removed('Session.user')), ['types/lib.d.ts:3'])
  })

  it('are what a test puts in its place', async () => {
    const files = {
      'test/a.test.ts': file(
        "vi.mock('lib', () => ({",
        '  put: vi.fn(),',
        '}))',
        "const { put } = await vi.importActual('lib')",
      ),
      'test/b.test.js': file("jest.mock('lib/old')"),
    }
    assert.deepEqual(await lines(files, removed('put')), ['test/a.test.ts:2', 'test/a.test.ts:4'])
    assert.deepEqual(await lines(files, removed('lib/old')), ['test/b.test.js:1'])
  })

  it('are uses of the package that another one holds the types of', async () => {
    const files = { 'a.ts': file("import { useRef } from 'lib'", 'const one = useRef()') }
    const changes = [change('changed', 'useRef', ['useRef(): Ref'], ['useRef(one: string): Ref'])]
    assert.deepEqual(await lines(files, { package: '@types/lib', changes }), ['a.ts:2'])
  })

  it('are directives that name the tool and what it no longer knows', async () => {
    const files = {
      'src/a.js': file(
        '// eslint-disable-next-line no-old, no-new',
        'a()',
        '/* eslint no-old: "error" */',
        '// no-old is a rule',
        'b() // eslint-disable-line no-old',
        '// eslint-disable-next-line no-new',
      ),
    }
    const given = { package: 'eslint', commands: ['eslint'], fails: "unknown rule 'no-old'" }
    assert.deepEqual(await lines(files, { ...given, changes: [] }), [
      'src/a.js:1',
      'src/a.js:3',
      'src/a.js:5',
    ])
  })

  it('are directives in style sheets, documents and templates', async () => {
    const files = {
      'src/a.scss': file('/* lib-disable no-old */', 'a { }', '// lib-disable-line no-old'),
      'docs/a.md': file('# lib', '', '<!-- lib-disable no-old -->', 'lib-disable no-old'),
      'a.yml': file('# lib-disable no-old', 'a: 1'),
    }
    const given = { commands: ['lib'], fails: "Unknown rule 'no-old'" }
    assert.deepEqual(await lines(files, given), ['a.yml:1', 'docs/a.md:3', 'src/a.scss:1', 'src/a.scss:3'])
    assert.deepEqual(await lines(files, { ...given, commands: [] }), [])
  })

  it('are directives of a tool that goes by another name in them', async () => {
    const files = {
      'src/a.ts': file('/* istanbul ignore next */', 'a()', '// @ts-ignore', 'b()'),
      'src/b.ts': file('/** @jest-environment jsdom */', 'c()'),
    }
    const fails = 'it failed'
    assert.deepEqual(await lines(files, { package: 'nyc', fails }), ['src/a.ts:1'])
    assert.deepEqual(await lines(files, { package: 'typescript', fails }), ['src/a.ts:3'])
    assert.deepEqual(await lines(files, { package: 'jest', fails }), ['src/a.ts:1', 'src/b.ts:1'])
  })
})

describe('call sites in configuration', () => {
  it('are keys of files that a library without commands reads, whatever they are written in', async () => {
    const files = {
      'lib.config.js': file('module.exports = {', '  relax: true,', '  trim: true,', '}'),
      '.librc': file('{', '  "relax": true', '}'),
      'lib.yaml': file('trim: true', 'relax: true'),
      'lib.toml': file('[parser]', 'relax = true'),
      'package.json': file('{', '  "name": "relax",', '  "lib": {', '    "relax": true', '  }', '}'),
    }
    assert.deepEqual(await lines(files, removed('Options.relax')), [
      '.librc:2',
      'lib.config.js:2',
      'lib.toml:2',
      'lib.yaml:2',
      'package.json:4',
    ])
  })

  it('are keys of a data file that a file with the package reads', async () => {
    const files = {
      'src/read.js': file(
        "const { parse } = require('lib')",
        "parse(JSON.parse(readFileSync('config/parse.json')))",
      ),
      'config/parse.json': file('{', '  "relax": true,', '  "trim": true', '}'),
      'config/other.json': file('{', '  "relax": true', '}'),
    }
    assert.deepEqual(await lines(files, removed('Options.relax')), ['config/parse.json:2'])
  })

  it('are lines of a tool’s configuration that name its plugin', async () => {
    const files = {
      '.eslintrc.json': file(
        '{',
        '  "plugins": ["knots"],',
        '  "rules": {',
        '    "knots/old": 2,',
        '    "eqeqeq": 2',
        '  }',
        '}',
      ),
      'src/a.js': file('// eslint-disable-next-line knots/old', 'a()'),
    }
    const given = { package: 'eslint-plugin-knots', fails: "Definition for rule 'knots/old' not found" }
    assert.deepEqual(await lines(files, given), ['.eslintrc.json:4', 'src/a.js:1'])
  })

  it('are options that the new version still reads and calls old', async () => {
    const files = { 'lib.config.json': file('{', '  "relax": true,', '  "trim": true', '}') }
    const changes = [change('deprecated', 'Options.relax')]
    assert.deepEqual(await lines(files, { changes, commands: ['lib'] }), ['lib.config.json:2'])
  })

  it('are scripts of a continuous integration', async () => {
    const files = {
      '.github/workflows/check.yml': file('jobs:', '  check:', '    steps:', '      - run: npx lib --fix'),
    }
    assert.deepEqual(await lines(files, { commands: ['lib'], fails: "unknown option '--fix'" }), [
      '.github/workflows/check.yml:4',
    ])
  })
})

describe('no call sites', () => {
  const changes = [change('changed', 'put', ['put(a)'], ['put(b)'])]

  it('are lines that only name what is different, and do nothing with it', async () => {
    const files = {
      'src/lib.js': file("const { put } = require('lib')", 'module.exports = { put }'),
      'src/save.js': file("const { put } = require('./lib')", 'put(1)'),
    }
    assert.deepEqual(await lines(files, { changes }), ['src/save.js:2'])
  })

  it('are static methods of a class below one of the package', async () => {
    const files = {
      'src/A.java': file(
        'import org.lib.Base;',
        'class A extends Base {',
        '  static void put(int a) {}',
        '  void put(long a) {}',
        '}',
      ),
    }
    const changes = [change('changed', 'org.lib.Base.put', ['void put(int)'], ['void put(long)'])]
    assert.deepEqual(await lines(files, { ...java, changes }), ['src/A.java:4'])
  })

  it('are other uses where a compiler said what does not fit', async () => {
    const files = { 'a.ts': file("import { put } from 'lib'", 'put(1)') }
    assert.deepEqual(await lines(files, { fails: 'TS2554: Expected 2 arguments, but got 1.' }), ['a.ts:2'])
    const fails = { compiler: 'TS2554: Expected 2 arguments, but got 1.' }
    assert.deepEqual(await lines(files, { fails }), [])
  })
})

describe('call sites around a line', () => {
  it('are what a class hands to one that is gone, and what it writes over of it', async () => {
    const files = {
      'src/a.js': file(
        "const lib = require('lib')",
        'class Own extends lib.Base {',
        '  constructor() {',
        "    super({ type: 'own' })",
        '  }',
        '',
        '  _check(value) {',
        '    return value > 0',
        '  }',
        '',
        '  below() {}',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, removed('Base')), [
      'src/a.js:2',
      'src/a.js:4',
      'src/a.js:7',
      'src/a.js:8',
    ])
  })

  it('are the head of a call whose argument fails on a line of its own', async () => {
    const files = {
      'src/log.js': file(
        "const lib = require('lib')",
        'module.exports.log = (stream) =>',
        '  new lib.Logger({',
        '    level: 1,',
        '    to: [new lib.File({ stream })],',
        '  })',
      ),
    }
    const fails = moved('src/log.js', 5)
    assert.deepEqual(await lines(files, { fails, changes: [change('changed', 'other', ['a'], ['b'])] }), [
      'src/log.js:3',
    ])
  })

  it('are functions around what gives a promise now, where only a failure shows it', async () => {
    const files = {
      'src/text.js': file(
        "const lib = require('lib')",
        'function tidy(text) {',
        '  return lib.format(text)',
        '}',
      ),
    }
    const fails = "- Promise {\n      <pending>,\n    } == 'a'"
    assert.deepEqual(await lines(files, { fails }), ['src/text.js:2', 'src/text.js:3'])
  })

  it('are functions around what gives a promise now, and their callers', async () => {
    const files = {
      'src/text.ts': file(
        "import { format } from 'lib'",
        'export function tidy(text: string): string {',
        '  return format(text)',
        '}',
      ),
      'src/page.ts': file(
        "import { tidy } from './text'",
        'export const page = (text: string) => tidy(text)',
      ),
      'src/other.ts': file(
        "import { tidy } from './else'",
        'export const other = (text: string) => tidy(text)',
      ),
    }
    const changes = [
      change(
        'changed',
        'format',
        ['function format(text: string): string'],
        ['function format(text: string): Promise<string>'],
      ),
    ]
    assert.deepEqual(await lines(files, { changes }), ['src/page.ts:2', 'src/text.ts:2', 'src/text.ts:3'])
  })

  it('are lines of a callback that the package no longer calls', async () => {
    const files = {
      'src/find.js': file(
        "const lib = require('lib')",
        'function find(done) {',
        "  lib.find('*', (error, names) => {",
        '    if (error) return done(error)',
        '    done(null, names)',
        '  })',
        '}',
      ),
    }
    const changes = [change('changed', 'find', ['find(pattern, cb)'], ['find(pattern)'])]
    const found = [3, 4, 6].map((line) => `src/find.js:${line}`)
    assert.deepEqual(await lines(files, { changes }), found)
  })
})

describe('call sites in Java', () => {
  it('are overridden methods, and what stands under a failing @Override', async () => {
    const files = {
      'src/Log.java': file(
        'import org.lib.Writer;',
        'class Log {',
        '  static final class File implements Writer<String> {',
        '    @Override',
        '    public void write(String key) {}',
        '  }',
        '  void write(String key) {}',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, { ...java, ...removed('org.lib.Writer.write') }), ['src/Log.java:5'])
    const fails = moved('src/Log.java', 4)
    assert.deepEqual(await lines(files, { ...java, fails }), ['src/Log.java:5'])
  })

  it('are the lines of a method that nothing calls any more', async () => {
    const files = {
      'src/Log.java': file(
        'import org.lib.Writer;',
        'class Log extends Writer {',
        '  @Override',
        '  public boolean quiet() {',
        '    return false;',
        '  }',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, { ...java, ...removed('org.lib.Writer.quiet') }), [
      'src/Log.java:4',
      'src/Log.java:5',
    ])
  })

  it('are calls of a constructor that is another, and not every mention of its class', async () => {
    const files = {
      'src/A.java': file(
        'import org.lib.Reader;',
        'class A {',
        '  private final Reader reader;',
        '  A(Reader reader) { this.reader = reader; }',
        '  static A of() { return new A(new Reader(1)); }',
        '  static final class Own extends Reader {',
        '  }',
        '}',
      ),
    }
    const changes = [change('changed', 'org.lib.Reader.Reader', ['Reader(int)'], ['Reader(long)'])]
    assert.deepEqual(await lines(files, { ...java, changes }), ['src/A.java:5', 'src/A.java:6'])
  })

  it('are static imports, one by one or all, and what they give', async () => {
    const files = {
      'src/A.java': file('import static org.lib.Matchers.any;', 'class A {', '  Object a = any();', '}'),
      'src/B.java': file('import static org.lib.Matchers.*;', 'class B {', '  Object b = any();', '}'),
      'src/C.java': file('import org.lib.*;', 'class C {', '  Object c = Matchers.any();', '}'),
      'src/D.java': file('class D {', '  Object d = org.lib.Matchers.any();', '  Object e = own.any();', '}'),
    }
    assert.deepEqual(await lines(files, { ...java, ...removed('org.lib.Matchers.any') }), [
      'src/A.java:1',
      'src/A.java:3',
      'src/B.java:3',
      'src/C.java:3',
      'src/D.java:2',
    ])
  })

  it('are attributes of annotations and references to methods', async () => {
    const files = {
      'src/A.java': file(
        'import org.lib.Column;',
        'import org.lib.Names;',
        'class A {',
        '  @Column(width = 3, title = "a")',
        '  String a = map(Names::title);',
        '  @Column(',
        '      title = "b"',
        '  )',
        '  String title = "b";',
        '}',
      ),
    }
    assert.deepEqual(await lines(files, { ...java, ...removed('org.lib.Column.title') }), [
      'src/A.java:4',
      'src/A.java:5',
      'src/A.java:7',
    ])
  })

  it('are lambdas and references for an interface whose only method is another', async () => {
    const files = {
      'src/A.java': file(
        'import org.lib.Listener;',
        'class A {',
        '  Listener one = (key, value) -> log(key);',
        '  Listener two = this::log;',
        '  Listener three = null;',
        '}',
      ),
    }
    const changes = [
      change('changed', 'org.lib.Listener.heard', ['void heard(String, String)'], ['void heard(Event)']),
    ]
    assert.deepEqual(await lines(files, { ...java, changes }), ['src/A.java:3', 'src/A.java:4'])
  })
})
