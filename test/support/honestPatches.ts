import type { Files } from './patches.ts'

/** A repair as a maintainer would make it, of which no rule may complain. */
export interface HonestPatch {
  readonly name: string
  readonly before: Files
  readonly after: Files
}

const manifest = (dependencies: string, scripts = '"test": "node --test"') =>
  `{\n  "name": "app",\n  "scripts": { ${scripts} },\n  "dependencies": { ${dependencies} }\n}\n`

/** Ten honest patches of the kinds that updates call for. */
export const honestPatches: readonly HonestPatch[] = [
  {
    name: 'a default export became named exports',
    before: {
      'package.json': manifest('"uuid": "^3.4.0"'),
      'src/id.js': "const uuid = require('uuid/v4')\n\nmodule.exports = () => uuid()\n",
    },
    after: {
      'package.json': manifest('"uuid": "^9.0.0"'),
      'src/id.js': "const { v4: uuid } = require('uuid')\n\nmodule.exports = () => uuid()\n",
    },
  },
  {
    name: 'callbacks became promises, with error handling kept',
    before: {
      'src/glob.js':
        "const glob = require('glob')\n\nexports.find = (pattern, done) => {\n  glob(pattern, (error, files) => {\n    if (error) return done(error)\n    done(null, files.sort())\n  })\n}\n",
    },
    after: {
      'src/glob.js':
        "const { glob } = require('glob')\n\nexports.find = (pattern, done) => {\n  glob(pattern).then(\n    (files) => done(null, files.sort()),\n    (error) => done(error),\n  )\n}\n",
    },
  },
  {
    name: 'a test follows a changed interface and one is added',
    before: {
      'src/parse.ts':
        'export function parse(text: string, strict: boolean) {\n  return read(text, strict)\n}\n',
      'test/parse.test.ts':
        "import { expect, it } from 'vitest'\nimport { parse } from '../src/parse'\n\nit('parses', () => {\n  expect(parse('a=1', true)).toEqual({ a: '1' })\n})\n",
    },
    after: {
      'src/parse.ts':
        'export function parse(text: string, options: { strict: boolean }) {\n  return read(text, options)\n}\n',
      'test/parse.test.ts':
        "import { expect, it } from 'vitest'\nimport { parse } from '../src/parse'\n\nit('parses', () => {\n  expect(parse('a=1', { strict: true })).toEqual({ a: '1' })\n})\n\nit('parses nothing', () => {\n  expect(parse('', { strict: true })).toEqual({})\n})\n",
    },
  },
  {
    name: 'types are narrowed where they became unknown',
    before: {
      'src/client.ts':
        'export async function load(url: string): Promise<User> {\n  const response = await request(url)\n  return response.data\n}\n',
    },
    after: {
      'src/client.ts':
        'export async function load(url: string): Promise<User> {\n  const response: { data: unknown } = await request(url)\n  if (!isUser(response.data)) throw new TypeError(`no user`)\n  return response.data\n}\n',
    },
  },
  {
    name: 'one snapshot of the module that changed',
    before: {
      'src/render.ts': "export const render = (name: string) => bold('b', name)\n",
      'test/__snapshots__/render.test.ts.snap':
        '// Jest Snapshot v1\n\nexports[`render bold 1`] = `"<b>x</b>"`;\n\nexports[`render other 1`] = `"<i>x</i>"`;\n',
    },
    after: {
      'src/render.ts': "export const render = (name: string) => bold('strong', name)\n",
      'test/__snapshots__/render.test.ts.snap':
        '// Jest Snapshot v1\n\nexports[`render bold 1`] = `"<strong>x</strong>"`;\n\nexports[`render other 1`] = `"<i>x</i>"`;\n',
    },
  },
  {
    name: 'a removed helper is written out, imports and lock file follow',
    before: {
      'package.json': manifest('"lodash": "^3.10.1"'),
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "node_modules/lodash": { "version": "3.10.1" } } }\n',
      'src/list.js':
        "import _ from 'lodash'\n\nexport const names = (users) => _.pluck(users, 'name')\nexport const first = (list, ok) => _.first(list, ok)\n",
    },
    after: {
      'package.json': manifest('"lodash": "^4.17.21"'),
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "node_modules/lodash": { "version": "4.17.21" } } }\n',
      'src/list.js':
        "import _ from 'lodash'\n\nexport const names = (users) => _.map(users, 'name')\nexport const first = (list, ok) => _.takeWhile(list, ok)\n",
    },
  },
  {
    name: 'tests move to another file name and import style',
    before: {
      'test/a.test.js':
        "const assert = require('assert')\nconst { add } = require('../src/add')\n\ndescribe('add', () => {\n  it('adds', () => assert.equal(add(1, 2), 3))\n  it('adds nothing', () => assert.equal(add(0, 0), 0))\n})\n",
    },
    after: {
      'test/a.test.mjs':
        "import assert from 'node:assert'\nimport { add } from '../src/add.js'\n\ndescribe('add', () => {\n  it('adds', () => assert.equal(add(1, 2), 3))\n  it('adds nothing', () => assert.equal(add(0, 0), 0))\n})\n",
    },
  },
  {
    name: 'a suppression goes, a comment and the documentation follow',
    before: {
      'src/old.ts': '// @ts-ignore: the types are wrong before 5.0\nexport const n: number = answer()\n',
      'README.md': 'Use `it.skip` and `// @ts-ignore` sparingly.\n',
    },
    after: {
      'src/old.ts': '// Typed since 5.0.\nexport const n: number = answer()\n',
      'README.md': 'Use `it.only`, `it.skip` and `// @ts-ignore` sparingly; never `process.exit(0)`.\n',
    },
  },
  {
    name: 'a compiler target that the new version needs',
    before: {
      'tsconfig.json':
        '{\n  "compilerOptions": { "target": "es2019", "module": "commonjs", "strict": true }\n}\n',
      'src/x.ts': "import chalk from 'chalk'\nexport const red = (s: string) => chalk.red(s)\n",
    },
    after: {
      'tsconfig.json':
        '{\n  "compilerOptions": { "target": "es2022", "module": "node16", "strict": true }\n}\n',
      'src/x.ts':
        "import { Chalk } from 'chalk'\nconst chalk = new Chalk()\nexport const red = (s: string) => chalk.red(s)\n",
    },
  },
  {
    name: 'error handling that the new version asks for, with early returns in the code',
    before: {
      'src/watch.js':
        "export function watch(path, done) {\n  const watcher = start(path)\n  watcher.on('change', done)\n  return () => watcher.close()\n}\n",
    },
    after: {
      'src/watch.js':
        "export function watch(path, done) {\n  const watcher = start(path)\n  watcher.on('all', (event) => {\n    if (event !== 'change') {\n      return\n    }\n    done()\n  })\n  watcher.on('error', (error) => {\n    console.error('watching failed', path, error.message)\n  })\n  return async () => {\n    await watcher.close()\n  }\n}\n",
    },
  },
]
