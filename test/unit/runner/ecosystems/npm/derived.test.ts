import assert from 'node:assert/strict'
import type { RepositoryConfig } from '../../../../../src/contract/settings.ts'
import type { Check, CheckScope } from '../../../../../src/runner/ecosystems/check.ts'
import { checks } from '../../../../../src/runner/ecosystems/npm/checks.ts'
import { treeOf } from '../../../../support/tree.ts'

type Files = Readonly<Record<string, string | object>>

async function derivedChecks(
  files: Files,
  config: RepositoryConfig = {},
  scope: CheckScope = {},
): Promise<Check[]> {
  const tree = treeOf(files)
  const manifests = tree.paths.filter((path) => path.endsWith('package.json'))
  const image = { kind: 'node' as const, major: 22 }
  const locking = { versionsIn: 'locks' as const, locks: [] }
  const project = {
    ecosystem: 'npm' as const,
    packageManager: 'npm@10',
    manifests,
    ...locking,
    image,
    config,
  }
  const found = await checks(tree, project, scope)
  return found.filter((check) => check.derived === true)
}

async function derived(...of: Parameters<typeof derivedChecks>): Promise<string[]> {
  return (await derivedChecks(...of)).map(({ display }) => display)
}

const typed = (scripts: object, more: object = {}) => ({
  'package.json': { devDependencies: { typescript: '5.9.0' }, scripts, ...more },
  'tsconfig.json': {},
  'src/a.ts': '',
})

/** Name, files, and the derived checks. */
const rows: readonly (readonly [string, Files, readonly string[]])[] = [
  ['a TypeScript project without a build', typed({ test: 'vitest' }), ['tsc --noEmit -p tsconfig.json']],
  ['a bundler that strips types', typed({ build: 'tsup src/a.ts' }), ['tsc --noEmit -p tsconfig.json']],
  ['a build that is tsc', typed({ build: 'rimraf dist && tsc' }), []],
  ['a build that is tsc by a path', typed({ build: 'node ./node_modules/typescript/bin/tsc' }), []],
  ['a lint that is tsc', typed({ lint: 'eslint . && tsc --noEmit' }), []],
  [
    'a test that calls a script that is tsc',
    typed({ test: 'npm run types && mocha', types: 'tsc --noEmit' }),
    [],
  ],
  ['a test whose pretest is tsc', typed({ pretest: 'tsc -p .', test: 'mocha' }), []],
  ['a script that nothing runs', typed({ test: 'mocha', types: 'tsc' }), ['tsc --noEmit -p tsconfig.json']],
  ['npm-run-all', typed({ build: 'run-s build:*', 'build:js': 'vite build', 'build:types': 'tsc' }), []],
  ['a watcher', typed({ build: 'tsc --watch' }), ['tsc --noEmit -p tsconfig.json']],
  ['files on the command line', typed({ build: 'tsc src/a.ts' }), ['tsc --noEmit -p tsconfig.json']],
  ['a framework that checks types', typed({ build: 'next build' }), []],
  [
    'another configuration than the root’s',
    { ...typed({ build: 'tsc -p tsconfig.build.json' }), 'tsconfig.build.json': {} },
    ['tsc --noEmit -p tsconfig.json'],
  ],
  [
    'one that a script names',
    {
      ...typed({ watch: 'tsc -w', all: 'tsc -p test' }),
      'test/tsconfig.json': { include: ['.'] },
      'test/a.ts': '',
    },
    ['tsc --noEmit -p tsconfig.json', 'tsc --noEmit -p test/tsconfig.json'],
  ],
  [
    'a configuration with comments that only refers to others',
    {
      ...typed({ build: 'vite build' }),
      'tsconfig.json':
        '{ // parts\n "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "node" },], }',
      'tsconfig.app.json': { include: ['src'] },
      'node/tsconfig.json': {
        compilerOptions: { composite: true },
        references: [{ path: '../tsconfig.app.json' }],
      },
      'node/b.ts': '',
    },
    ['tsc --noEmit -p tsconfig.app.json', 'tsc -b node/tsconfig.json'],
  ],
  [
    'references that a build covers',
    {
      ...typed({ build: 'tsc -b && vite build' }),
      'tsconfig.json': { files: [], references: [{ path: './tsconfig.app.json' }] },
      'tsconfig.app.json': { include: ['src'] },
    },
    [],
  ],
  ['nothing to compile', { ...typed({}), 'tsconfig.json': { include: ['lib'] } }, []],
  [
    'what a base configuration includes',
    { ...typed({}), 'tsconfig.json': { extends: './base' }, 'base.json': { include: ['src'] } },
    ['tsc --noEmit -p tsconfig.json'],
  ],
  [
    'no compiler',
    { 'package.json': { scripts: { test: 'deno test' } }, 'tsconfig.json': {}, 'a.ts': '' },
    [],
  ],
  [
    'a compiler that something else brings',
    {
      'package.json': { scripts: { test: 'tsdx test' } },
      'package-lock.json': {
        lockfileVersion: 3,
        packages: { 'node_modules/typescript': { version: '4.9.5' } },
      },
      'tsconfig.json': {},
      'a.ts': '',
    },
    ['tsc --noEmit -p tsconfig.json'],
  ],
  [
    'Vue',
    {
      ...typed({ build: 'vite build' }, { devDependencies: { typescript: '5', 'vue-tsc': '2' } }),
      'src/A.vue': '',
    },
    ['vue-tsc --noEmit -p tsconfig.json'],
  ],
  [
    'Svelte',
    typed({ build: 'vite build' }, { devDependencies: { typescript: '5', 'svelte-check': '4' } }),
    ['svelte-check --workspace .'],
  ],
  [
    'workspaces',
    {
      'package.json': {
        devDependencies: { typescript: '5' },
        scripts: { build: 'turbo run build', test: 'vitest' },
      },
      'packages/a/package.json': { scripts: { build: 'tsc' } },
      'packages/a/tsconfig.json': {},
      'packages/a/a.ts': '',
      'packages/b/package.json': { scripts: { build: 'tsup' } },
      'packages/b/tsconfig.json': {},
      'packages/b/b.ts': '',
    },
    ['tsc --noEmit -p packages/b/tsconfig.json'],
  ],
  [
    'plain JavaScript without anything else',
    {
      'package.json': { main: 'lib/a', bin: { x: './cli.js' } },
      'lib/a.js': '',
      'cli.js': '',
      'test/t.js': '',
    },
    ['node --check lib/a.js cli.js'],
  ],
  [
    'plain JavaScript that is bundled',
    { 'package.json': { main: 'dist/a.js', devDependencies: { webpack: '5' } }, 'src/a.js': '' },
    [],
  ],
  ['plain JavaScript with tests', { 'package.json': { scripts: { test: 'mocha' } }, 'index.js': '' }, []],
]

describe('derived checks', () => {
  for (const [name, files, expected] of rows)
    it(`of ${name}`, async () => assert.deepEqual(await derived(files), expected))

  it('say where they read nothing but the files themselves', async () => {
    const marks = await Promise.all(rows.map(([, files]) => derivedChecks(files)))
    for (const { display, syntaxOnly } of marks.flat())
      assert.equal(syntaxOnly === true, display.startsWith('node --check '), display)
  })

  it('come after the others, and are found where each package keeps its tools', async () => {
    const tree = treeOf({
      'package.json': { scripts: { test: 'mocha' }, devDependencies: { typescript: '5' } },
      'a/package.json': {},
      'a/tsconfig.json': {},
      'a/x.ts': '',
    })
    const manifests = ['package.json', 'a/package.json']
    const image = { kind: 'node' as const, major: 22 }
    const found = await checks(
      tree,
      {
        ecosystem: 'npm',
        packageManager: 'npm@10',
        manifests,
        versionsIn: 'locks',
        locks: [],
        image,
        config: {},
      },
      {},
    )
    assert.deepEqual(
      found.map(({ step, display, derived: own }) => [step, display, own]),
      [
        ['test', 'npm test', undefined],
        ['build', 'tsc --noEmit -p a/tsconfig.json', true],
      ],
    )
    assert.deepEqual(found[1]?.argv.slice(-5), ['a', 'tsc', '--noEmit', '-p', 'a/tsconfig.json'])
  })

  it('give way to .drydock.json, and to a rerun of single tests', async () => {
    const files = typed({ test: 'mocha' })
    for (const commands of [
      { build: null },
      { build: 'make' },
      { typecheck: null },
      { typecheck: 'make types' },
    ])
      assert.deepEqual(await derived(files, { commands }), [], JSON.stringify(commands))
    assert.deepEqual(await derived(files, { commands: { lint: null } }), ['tsc --noEmit -p tsconfig.json'])
    assert.deepEqual(await derived(files, {}, { testFiles: ['a.ts'] }), [])
    assert.deepEqual(await derived(files, {}, { steps: ['test'] }), [])
  })

  it('take the place of a script for types where .drydock.json names a command', async () => {
    const tree = treeOf(typed({ build: 'vite build', typecheck: 'tsc' }))
    const config = { commands: { typecheck: 'make types' } }
    const image = { kind: 'node' as const, major: 22 }
    const project = {
      ecosystem: 'npm' as const,
      packageManager: 'npm@10',
      manifests: ['package.json'],
      versionsIn: 'locks' as const,
      locks: [],
      image,
      config,
    }
    const found = await checks(tree, project, {})
    assert.deepEqual(
      found.map(({ display }) => display),
      ['npm run build', 'make types'],
    )
  })
})
