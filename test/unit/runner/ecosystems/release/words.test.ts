import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { npmRelease } from '../../../../../src/runner/ecosystems/npm/release/index.ts'
import type { ApiChange } from '../../../../../src/runner/ecosystems/release/release.ts'

type Files = Readonly<Record<string, string>>

async function published(version: string, files: Files) {
  const archive = pack()
  for (const [name, text] of Object.entries(files)) archive.entry({ name: `package/${name}` }, text)
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return { version, bytes: gzipSync(Buffer.concat(chunks)) }
}

interface Beside {
  readonly name: string
  readonly from: Files
  readonly to: Files
  readonly typings?: true
}

async function changes(before: Files, after: Files, beside: readonly Beside[] = []) {
  const pairs = beside.map(async ({ name, from, to, typings }) => ({
    ...{ name, from: await published('1.0.0', from), to: await published('2.0.0', to) },
    ...(typings === undefined ? {} : { typings }),
  }))
  const [from, to] = [await published('1.0.0', before), await published('2.0.0', after)]
  return (await npmRelease(from, to, await Promise.all(pairs))).changes
}

const manifest = (more: object = {}) => JSON.stringify({ name: 'lib', main: 'index.js', ...more })
const code = (text: string, more: object = {}): Files => ({
  'package.json': manifest(more),
  'index.js': text,
})
const typed = (text: string, js = ''): Files => ({
  ...{ 'package.json': manifest({ types: 'index.d.ts' }), 'index.d.ts': text, 'index.js': js },
})
const told = (all: readonly ApiChange[]) => all.map(({ kind, name }) => `${kind} ${name}`)
const words = (all: readonly ApiChange[]) => all.filter(({ of }) => of === 'word').map(({ word }) => word)

describe('what the source of a package reads', () => {
  it('is gone where the new version has the word nowhere: options, keys of defaults, events, codes', async () => {
    const before = code(`
      const defaults = { maxAge: 1, nested: { sameSite: true } }
      module.exports = function (given, { logLevel }) {
        given.keepNames
        this.emit('opened', given.length)
        switch (given.mode) { case 'strict': throw Object.assign(new Error('no'), { code: 'E_OLD' }) }
      }`)
    const after = code(`
      // maxAge and 'opened' are no more
      const defaults = { ttl: 1 }
      module.exports = function (given) {
        given.names
        if (given.mode === 'strict') this.emit('ready')
      }`)
    const all = await changes(before, after)
    const gone = all.filter(({ kind }) => kind === 'removed')
    assert.deepEqual(words(gone), [
      'E_OLD',
      'keepNames',
      'logLevel',
      'maxAge',
      'nested',
      'opened',
      'sameSite',
    ])
  })

  it('is gone where only a declaration still names it, and where the new version refuses it', async () => {
    const before = 'exports.ask = (options) => [options.throwing, options.redirects, options.depth]'
    const after =
      "exports.ask = (options) => { if (options.redirects) throw new Error('redirects is not supported, use depth'); return options.depth }"
    const all = await changes(
      typed('export interface Options { throwing: 1 }', before),
      typed('export interface Options { throwing: 1 }', after),
    )
    const words = all
      .filter(({ of }) => of === 'word')
      .map(({ kind, word, after: now }) => [kind, word, ...now])
    assert.deepEqual(words, [
      ['removed', 'redirects', 'redirects is not supported, use depth'],
      ['removed', 'throwing'],
    ])
  })

  it('is different where most of the files that read it do not any more', async () => {
    const reading = 'exports.read = (options) => options.hops'
    const all = (...texts: readonly string[]): Files => ({
      'package.json': manifest(),
      ...Object.fromEntries(texts.map((text, at) => [at === 0 ? 'index.js' : `lib/${at}.js`, text])),
    })
    const [old, now] = [all(reading, reading, reading, reading), all('', '', reading)]
    const words = (await changes(old, now)).filter(({ of }) => of === 'word')
    assert.deepEqual(
      words.map(({ kind, word }) => [kind, word]),
      [['changed', 'hops']],
    )
  })

  it('is named anew where a new word is like one that is gone, and by nothing else', async () => {
    const before = code('module.exports = (options) => options.onProxyReq')
    const after = code('module.exports = (options) => [options.proxyReq, options.retries]')
    assert.deepEqual(told(await changes(before, after)), ['removed onProxyReq', 'added proxyReq'])
  })

  it('tells nothing where the source went to packages that are new', async () => {
    const before = code(`module.exports = (options) => options.oldest\n${'x()\n'.repeat(100)}`)
    const after = code("module.exports = require('lib-core')", { dependencies: { 'lib-core': '1' } })
    assert.deepEqual(words(await changes(before, after)), [])
  })
})

describe('what JavaScript exports', () => {
  it('is read in branches, in functions that are called at once, and in the file for bundlers', async () => {
    const forms: readonly Files[] = [
      {
        ...code(
          "if (process.env.A) module.exports = require('./a.min.js')\nelse module.exports = require('./b.js')",
        ),
        'b.js': 'exports.one = 1\nexports.two = 2\n',
      },
      code('(function () {\n  exports.one = 1\n  exports.two = 2\n})()'),
      code(
        '(function (root, factory) { factory(exports) })(this, function (exports) {\n exports.one = exports.two = 2\n})',
      ),
      {
        ...code("module.exports = require('./umd/lib.js')", { module: 'esm.js' }),
        'esm.js': 'export const one = 1\nexport const two = 2\n',
      },
    ]
    const after = { ...code('exports.one = 1'), 'b.js': '', 'esm.js': '' }
    for (const before of forms) assert.deepEqual(told(await changes(before, after)), ['removed two'])
  })

  it('calls no member of a class gone that may only not have been read', async () => {
    const before = code('class Form {\n  parse() {}\n  close() {}\n}\nmodule.exports = { Form }')
    const after = code('function Form() {}\nconst more = { parse() {} }\nmodule.exports = { Form }')
    assert.deepEqual(told(await changes(before, after)), ['changed Form', 'removed Form.close'])
  })
})

describe('members of an owner that is gone', () => {
  it('are kept as words, unless the source still has them', async () => {
    const before = typed(
      'interface Mock { reset(): void; called(): void }\ndeclare const mock: Mock\nexport { Mock, mock }',
    )
    const after = typed('declare const mock: object\nexport { mock }', 'module.exports = { called() {} }')
    const gone = (await changes(before, after)).find(({ name }) => name === 'Mock')
    assert.deepEqual(gone?.lost, ['reset'])
  })

  it('are lost where the owner stays and most of them went to a new one', async () => {
    const members = 'a1: 1; a2: 1; a3: 1; a4: 1'
    const before = typed(`export interface Options { kept: 1; ${members} }`)
    const after = typed(`export interface Options { kept: 1 }\nexport interface Legacy { ${members} }`)
    const [moved] = (await changes(before, after)).filter(({ name }) => name === 'Options')
    assert.deepEqual([moved?.kind, moved?.lost], ['changed', ['a1', 'a2', 'a3', 'a4']])
  })

  it('are not known where it extends what is in another package now and the source still names them', async () => {
    const before = typed('export class Watcher { on(): void; shut(): void }')
    const after = typed(
      "import { EventEmitter } from 'node:events'\nexport class Watcher extends EventEmitter { add(): void }",
      'module.exports = (watcher) => watcher.on(1)',
    )
    const gone = (await changes(before, after)).filter(({ kind }) => kind === 'removed')
    assert.deepEqual(told(gone), ['removed Watcher.shut'])
  })

  it('are told apart from a word that more owners keep than lose', async () => {
    const before = typed(
      'export interface A { id: 1; x: 1 }\nexport interface B { id: 1 }\nexport interface C { id: 1 }',
    )
    const after = typed(
      'export interface A { y: 1 }\nexport interface B { id: 1 }\nexport interface C { id: 1 }',
    )
    const all = (await changes(before, after)).filter(({ kind }) => kind === 'removed')
    assert.deepEqual(
      all.map(({ name, elsewhere }) => [name, elsewhere]),
      [
        ['A.id', true],
        ['A.x', undefined],
      ],
    )
  })
})

describe('packages that are read beside the updated one', () => {
  const main = code('module.exports = {}')

  it('add what they declare differently, and their words to those of the whole', async () => {
    const matchers = (names: string) => typed(`export interface Matchers { ${names} }`)
    const expected = { name: 'expect', from: matchers('toBe: 1; toBeCalled: 1'), to: matchers('toBe: 1') }
    const all = await changes(main, main, [expected])
    assert.deepEqual(
      all.map(({ name, brought }) => [name, brought]),
      [['Matchers.toBeCalled', 'expect']],
    )
    const read = { name: 'core', from: main, to: code('module.exports = (options) => options.exact') }
    const before = code('module.exports = (options) => options.exact')
    assert.deepEqual(words(await changes(before, main, [read])), [])
  })

  it('say of what others declared only that what has members still lost one', async () => {
    const gone = 'export interface Static { spy: 1 }\nexport function one(): void'
    const from = typed(`export interface File { path: string; size: number }\n${gone}`)
    const to = typed('export type Static = 1\nexport interface File { size: string; filepath: string }')
    const all = await changes(main, main, [{ name: '@types/lib', from, to, typings: true }])
    assert.deepEqual(told(all), ['removed File.path'])
  })
})
