import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { npmRelease } from '../../../../../src/runner/ecosystems/npm/release/index.ts'
import { readRelease } from '../../../../../src/runner/ecosystems/release/reader.ts'

type Files = Readonly<Record<string, string>>

async function tarball(files: Files, type?: 'symlink'): Promise<Buffer> {
  const archive = pack()
  for (const [name, text] of Object.entries(files)) {
    if (type === undefined) archive.entry({ name: `package/${name}` }, text)
    else archive.entry({ name: `package/${name}`, type, linkname: text })
  }
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks))
}

const typed = (more: object = {}) =>
  JSON.stringify({ name: 'lib', types: 'index.d.ts', main: 'index.js', ...more })

async function changed(before: Files, after: Files): Promise<string[]> {
  const release = await npmRelease(
    { version: '1.0.0', bytes: await tarball(before) },
    { version: '2.0.0', bytes: await tarball(after) },
  )
  return release.changes.map(({ kind, name }) => `${kind} ${name}`)
}

const declared = (before: string, after: string) =>
  changed({ 'package.json': typed(), 'index.d.ts': before }, { 'package.json': typed(), 'index.d.ts': after })

describe('the interface of an npm package', () => {
  it('is read from declarations, through imports and re-exports', async () => {
    const before = {
      'package.json': typed(),
      'index.d.ts':
        "export * from './a.js'\nexport { b as c } from './b'\nimport d from './d'\nexport { d }\n",
      'a.d.ts': 'export declare function one(): void\nexport declare function two(): void\n',
      'b.d.ts': 'declare const b: string\nexport { b }\n',
      'd/index.d.ts': 'export default class D {\n  open(): void\n  close(): void\n}\n',
    }
    const after = {
      ...before,
      'a.d.ts': 'export declare function one(how: string): void\n',
      'd/index.d.ts': 'export default class D {\n  open(): void\n}\n',
    }
    assert.deepEqual(await changed(before, after), ['removed d.close', 'changed one', 'removed two'])
  })

  it('does not take formatting, names of parameters, optional ones or comments for changes', async () => {
    const before =
      'export declare function f(a: string, b?: { x: 1; y: 2 }): Promise<void>;\nexport type T = "a" | "b";\n'
    const after =
      "/** Does f. */\nexport declare function f(\n  first: string,\n  second?: { x: 1, y: 2 } | undefined,\n  third?: number,\n): Promise<void>\nexport type T = 'a' | 'b'\n"
    assert.deepEqual(await declared(before, after), [])
  })

  it('takes no wider type, order of a union or way to write a list for a change, and a narrower one for one', async () => {
    const before =
      'export declare function f(a: string, b?: number): void\nexport interface O { a?: Array<O> | null }\n'
    const after =
      'export declare function f(a: string | number, b?: number | boolean): void\nexport interface O { a?: null | O[] }\n'
    assert.deepEqual(await declared(before, after), [])
    assert.deepEqual(await declared(after, before), ['changed f'])
  })

  it('takes no option that takes more for a change, nor a value that was anything', async () => {
    const before =
      'export interface Options { path?: string; data?: any; list?: string[]; kind?: string; one: string }'
    const after =
      'export interface Options { path?: URL | string | null; data?: Data; list?: readonly string[]; kind?: number; one: string | null }'
    assert.deepEqual(await declared(before, after), ['changed Options.kind', 'changed Options.one'])
  })

  it('follows a type that is another one by a name of its own, and what is extended with a dot in its name', async () => {
    const all = (text: string): Files => ({ 'package.json': typed(), 'lib/types.d.ts': text })
    const plain = {
      ...all('export interface One { a: string; b: string }\nexport interface Two { c: string; d: string }'),
      'index.d.ts':
        "import * as types from './lib/types.js'\nexport type One = import('./lib/types.js').One\nexport interface Two extends types.Two {}",
    }
    const now = {
      ...plain,
      ...all('export interface One { a: string }\nexport interface Two { c: string }'),
      'index.d.ts':
        "import * as types from './lib/types.js'\nexport type One = types.One\nexport interface Two extends types.Two {}",
    }
    assert.deepEqual(await changed(plain, now), ['removed One.b', 'removed Two.d'])
  })

  it('follows a package to its own entries, and a pattern of entries to each', async () => {
    const before = {
      'package.json': typed({ exports: { '.': './index.d.ts', './core': './core.d.ts' } }),
      'index.d.ts': "export { make } from './core'",
      'core.d.ts': 'export declare const make: string\nexport declare const gone: string',
    }
    const after = {
      'package.json': typed({ exports: { '.': './index.d.ts', './*': { types: './esm/*.d.ts' } } }),
      'index.d.ts': "export * from 'lib/core'",
      'esm/core.d.ts': 'export declare const make: string',
    }
    assert.deepEqual(await changed(before, after), ['removed lib/core: gone'])
  })

  it('takes an object in the place of a value for a change of JavaScript, and another name for none', async () => {
    const script = (heading: string) => ({
      'package.json': '{"name":"lib"}',
      'index.js': `class R {\n  heading(${heading}) {}\n}\nexports.R = R\n`,
    })
    assert.deepEqual(await changed(script('text, level'), script('{ tokens, depth }')), ['changed R.heading'])
    assert.deepEqual(await changed(script('text, level'), script('words, depth = 1, more')), [])
  })

  it('knows whether require gives one thing where the names are read from an ES module', async () => {
    const manifest = JSON.stringify({
      name: 'lib',
      exports: { import: './index.mjs', require: './index.js' },
    })
    const files = (script: string) => ({
      'package.json': manifest,
      'index.mjs': 'export const a = 1\n',
      'index.js': script,
    })
    const whole = files('function lib() {}\nlib.a = 1\nmodule.exports = lib\n')
    assert.deepEqual(await changed(whole, { ...whole, 'index.mjs': 'export const a = 2\n' }), [])
    const named = files('exports.a = 1\n')
    assert.deepEqual(await changed(whole, named), ['removed export ='])
    const compiled = files('module.exports = __toCommonJS(all)\n')
    assert.deepEqual(await changed(whole, compiled), ['removed export ='])
  })

  it('names the commands of both versions', async () => {
    const [before, after] = ['one', 'two'].map(async (command, at) => {
      const bin = at === 0 ? 'cli.js' : { [command]: 'cli.js' }
      return {
        version: `${at}.0.0`,
        bytes: await tarball({ 'package.json': JSON.stringify({ name: '@s/one', bin }) }),
      }
    })
    assert.ok(before !== undefined && after !== undefined)
    assert.deepEqual((await npmRelease(await before, await after)).commands, ['one', 'two'])
  })

  it('knows what is inherited, and whose members moved to a new name', async () => {
    const base = 'export interface Base { a(): void }\n'
    assert.deepEqual(
      await declared(
        `${base}export interface X extends Base { a(): void; b(): void }\n`,
        `${base}export interface X extends Base { b(): void }\n`,
      ),
      [],
    )
    const body = '{ a(): void; b(): void; c(): void; d(): void; e(): void }'
    assert.deepEqual(await declared(`export interface Old ${body}\n`, `export interface New ${body}\n`), [
      'added New',
      'removed Old',
    ])
  })

  it('tells of deprecation, and of a class that loses a member it declared', async () => {
    assert.deepEqual(
      await declared(
        'export declare class A { b(): void; private c(): void; _d(): void }\nexport declare const e: number\n',
        'export declare class A { private c2(): void }\n/** @deprecated use f */\nexport declare const e: number\n',
      ),
      ['removed A.b', 'deprecated e'],
    )
  })

  it('is read from JavaScript where one side has no declarations', async () => {
    const manifest = JSON.stringify({ name: 'lib', main: './lib/index.js' })
    const before = {
      'package.json': manifest,
      'lib/index.js':
        "module.exports = find\nfunction find(pattern, done) {}\nfind.sync = function (pattern) {}\nfind.Finder = require('./finder')\n",
      'lib/finder.js':
        'function Finder() {}\nFinder.prototype.stop = function () {}\nmodule.exports = Finder\n',
    }
    const after = {
      'package.json': typed({ main: 'index.js' }),
      'index.d.ts': 'export declare function find(): void\n',
      'index.js':
        '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.Finder = exports.find = void 0;\nexports.find = async (pattern) => {};\nclass Finder {}\nexports.Finder = Finder;\n',
    }
    const found = await changed(before, after)
    for (const one of ['removed export =', 'removed sync', 'added find', 'removed lib/lib/finder'])
      assert.ok(found.includes(one), `${one} in ${found.join(', ')}`)
  })

  it('says what everybody meets: the format of the module, the oldest Node, subpaths, peers', async () => {
    const found = await changed(
      {
        'package.json': JSON.stringify({ name: 'lib', engines: { node: '>=10' } }),
        'index.js': '',
        'sub.js': '',
      },
      {
        'package.json': JSON.stringify({
          name: 'lib',
          type: 'module',
          exports: './index.js',
          engines: { node: '>=18' },
          peerDependencies: { react: '>=18' },
        }),
        'index.js': '',
      },
    )
    assert.deepEqual(found, [
      'changed engines.node',
      'removed lib/sub',
      'changed module format',
      'changed peer dependency react',
    ])
  })

  it('survives what is no program, cycles and a manifest of any kind', async () => {
    const odd = {
      'package.json': '{"name": 5, "exports": {"import": [[[]]], "types": 7}, "types": ["x"]}',
      'index.d.ts': "export * from './a'\nexport * from './index'\n",
      'a.d.ts':
        "export * from './index'\nexport { x } from './a'\nexport { y as x2 } from './index'\nclass {{{{",
      'index.js': 'const = ;',
    }
    assert.deepEqual(await changed(odd, odd), [])
    assert.deepEqual(await changed({ 'package.json': '[' }, { 'package.json': 'null' }), [])
  })

  it('follows no link and leaves no mark of what is not a plain file', async () => {
    const bytes = await tarball({ 'index.d.ts': '/etc/hostname', 'CHANGELOG.md': '/etc/hostname' }, 'symlink')
    const release = await npmRelease({ version: '1.0.0', bytes }, { version: '2.0.0', bytes })
    assert.deepEqual([release.changes, release.notes], [[], []])
  })
})

describe('the reader of releases', () => {
  const script = resolve(import.meta.dirname, '../../../../../src/runner/ecosystems/release/worker.ts')

  it('gives up where the bytes are no package, and where time or memory is up', async () => {
    const broken = { version: '1.0.0', bytes: Buffer.from('not a tarball') }
    assert.equal(await readRelease(script, { of: 'npm', from: broken, to: broken }), undefined)
    assert.equal(await readRelease(script, { of: 'maven', from: broken, to: broken }), undefined)
    const bytes = await tarball({ 'package.json': typed(), 'index.d.ts': 'export declare const a: 1\n' })
    const fine = { version: '1.0.0', bytes }
    const job = { of: 'npm', from: fine, to: fine } as const
    assert.equal(await readRelease(script, job, undefined, { timeoutMs: 1, memoryMb: 512 }), undefined)
    assert.equal(await readRelease(script, job, undefined, { timeoutMs: 30_000, memoryMb: 4 }), undefined)
    assert.deepEqual((await readRelease(script, job))?.changes, [])
  })

  it('unpacks no more than it has room for', async () => {
    const bomb = { version: '1.0.0', bytes: gzipSync(Buffer.alloc(300_000_000)) }
    assert.equal(await readRelease(script, { of: 'npm', from: bomb, to: bomb }), undefined)
  })

  it('ends with its caller', async () => {
    const bytes = await tarball({ 'package.json': typed() })
    const job = { of: 'npm', from: { version: '1', bytes }, to: { version: '2', bytes } } as const
    const reason = new Error('enough')
    await assert.rejects(readRelease(script, job, AbortSignal.abort(reason)), reason)
  })
})
