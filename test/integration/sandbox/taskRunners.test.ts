import assert from 'node:assert/strict'
import { type ReportedRuns, reportedRuns } from '../../support/reportedRun.ts'
import { installedSet } from '../../support/runners.ts'

/** Of all the ways to start tests; a workspace of two packages with tests of one name, in two runners. */
const packages = {
  turbo: '2.5.8',
  nx: '21.6.5',
  lerna: '9.0.0',
  wireit: '0.14.12',
  'npm-run-all': '4.1.5',
  concurrently: '9.2.1',
  'cross-env': '10.1.0',
  tsx: '4.20.6',
  'ts-node': '10.9.2',
  typescript: '5.9.3',
  mocha: '11.7.4',
  tape: '5.9.0',
}

const json = (value: unknown) => `${JSON.stringify(value)}\n`

const nodeTest = `const test = require('node:test')
test('adds', () => {})
test('waits', { skip: true }, () => {})
`
const mochaTest = "it('adds', () => {})\nit('fails', () => { throw new Error('planted fault') })\n"
const tapeTest = "const test = require('tape')\ntest('adds', (t) => { t.ok(true); t.end() })\n"

const member = (name: string, test: string, more: object = {}) =>
  json({ name: `@demo/${name}`, version: '1.0.0', scripts: { test }, ...more })

const workspace: Readonly<Record<string, string>> = {
  'package.json': json({
    name: 'demo',
    version: '1.0.0',
    private: true,
    packageManager: 'npm@11.0.0',
    workspaces: ['packages/*'],
  }),
  'packages/a/package.json': member('a', 'node --test'),
  'packages/a/test/one.test.js': nodeTest,
  'packages/b/package.json': member('b', 'mocha'),
  'packages/b/test/one.test.js': mochaTest,
  'packages/c/package.json': member('c', 'tape test/*.js'),
  'packages/c/test/one.test.js': tapeTest,
  'packages/d/package.json': member('d', 'node check.js'),
  'packages/d/check.js': 'console.log("nothing to name")\n',
}
const members = ['packages/a', 'packages/b', 'packages/c', 'packages/d']
const named = [
  'packages/a/test/one.test.js › adds passed',
  'packages/a/test/one.test.js › waits skipped',
  'packages/b/test/one.test.js › adds passed',
  'packages/b/test/one.test.js › fails failed',
  'packages/c/test/one.test.js › adds passed',
]

interface Way {
  readonly script: string
  readonly files?: Readonly<Record<string, string>>
}

const turbo = { 'turbo.json': json({ tasks: { test: { cache: false } } }) }
const wired = (name: string, command: string) =>
  json({ name: `@demo/${name}`, scripts: { test: 'wireit' }, wireit: { test: { command } } })

const ways: Readonly<Record<string, Way>> = {
  'npm -ws': { script: 'npm test -ws --if-present' },
  turbo: { script: 'turbo run test --continue --no-daemon', files: turbo },
  'turbo, one after the other, without its cache': {
    script: 'turbo run test --continue --no-daemon --concurrency=1 --env-mode=strict',
    files: turbo,
  },
  nx: { script: 'nx run-many -t test --skip-nx-cache --outputStyle=stream', files: { 'nx.json': '{}\n' } },
  lerna: {
    script: 'lerna run test --no-bail --stream',
    files: { 'lerna.json': json({ version: '1.0.0', packages: ['packages/*'] }) },
  },
  wireit: {
    script: 'for one in a b c d; do (cd packages/$one && npm test); done; false',
    files: {
      'packages/a/package.json': wired('a', 'node --test'),
      'packages/b/package.json': wired('b', 'mocha'),
      'packages/c/package.json': wired('c', 'tape test/*.js'),
      'packages/d/package.json': wired('d', 'node check.js'),
    },
  },
  concurrently: {
    script: `concurrently -g ${['a', 'b', 'c', 'd'].map((one) => `"npm test --prefix packages/${one}"`).join(' ')}`,
  },
}

/** Lines that tell of a run what a second run says too. */
function stable(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/[\d.]+ ?m?s\b|duration_ms:? [\d.]+|:\d+:\d+|\(\d[\d.]*[a-z]*\)/g, '#'))
    .filter((line) => /\b(passing|failing|pass|fail|tests|ok|not ok)\b/.test(line))
    .sort()
}

describe('task runners hand on what names the tests', () => {
  let runs: ReportedRuns
  let runner: string
  before(async () => {
    runs = await reportedRuns()
    runner = await installedSet('task-runners', packages)
  })
  after(() => runs[Symbol.asyncDispose]())

  // The short form keeps the one that drops variables, and the one that adds none.
  const all = process.env.DRYDOCK_ALL_RUNNERS === '1'
  for (const [name, { script, files }] of Object.entries(ways)) {
    if (!all && name !== 'turbo' && name !== 'npm -ws') continue
    it(`${name}: as on the host`, async () => {
      const project = { ...workspace, ...files }
      const plain = await runs.run(project, script, { runner, node: 22, reported: false })
      const seen = await runs.run(project, script, { runner, node: 22, members })
      assert.deepEqual(seen.tests, named, seen.stdout + seen.stderr)
      assert.equal(seen.exitCode, plain.exitCode)
      assert.deepEqual(stable(seen.stdout), stable(plain.stdout))
      assert.deepEqual(seen.counts, plain.counts)
      assert.deepEqual(seen.unnamed, ['packages/d'])
    })
  }

  const loaders: Readonly<Record<string, string>> = {
    'npm-run-all': 'npm-run-all -c test:*',
    'cross-env': 'cross-env NODE_OPTIONS=--no-warnings npm-run-all -c test:*',
    'env that is almost empty': 'env -i PATH="$PATH" npm-run-all -c test:*',
  }
  const loaded = {
    'package.json': json({
      name: 'loaded',
      scripts: {
        'test:tsx': 'node --import tsx --test "test/*.test.ts"',
        'test:ts-node': 'node -r ts-node/register/transpile-only --test test/b.test.ts',
        'test:mocha': 'NODE_OPTIONS="--import=tsx" mocha "spec/*.spec.ts"',
        'test:loader': 'node --no-warnings --experimental-loader ./loader.mjs --test test/d.test.mjs',
      },
    }),
    'tsconfig.json': json({
      compilerOptions: { module: 'commonjs', target: 'es2022', esModuleInterop: true },
    }),
    'test/a.test.ts': "import test from 'node:test'\nconst n: number = 1\ntest('a', () => { n.toFixed() })\n",
    'test/b.test.ts': "import test from 'node:test'\nconst n: number = 1\ntest('b', () => { n.toFixed() })\n",
    'spec/c.spec.ts': "const n: number = 1\nit('c', () => { n.toFixed() })\n",
    'loader.mjs': 'export const resolve = (specifier, context, next) => next(specifier, context)\n',
    'test/d.test.mjs': "import test from 'node:test'\ntest('d', () => {})\n",
  }
  for (const [name, script] of Object.entries(loaders)) {
    if (!all && name === 'npm-run-all') continue
    it(`${name}: loaders of TypeScript and of ES modules`, async () => {
      const plain = await runs.run(loaded, script, { runner, node: 22, reported: false })
      const seen = await runs.run(loaded, script, { runner, node: 22 })
      assert.deepEqual(
        seen.tests.filter((test) => / › /.test(test)),
        [
          'spec/c.spec.ts › c passed',
          'test/a.test.ts › a passed',
          'test/b.test.ts › b (2) passed',
          'test/b.test.ts › b passed',
          'test/d.test.mjs › d passed',
        ],
        seen.stdout + seen.stderr,
      )
      assert.equal(seen.exitCode, plain.exitCode)
      assert.equal(plain.exitCode, 0, plain.stdout + plain.stderr)
      assert.deepEqual(stable(seen.stdout), stable(plain.stdout))
    })
  }
})
