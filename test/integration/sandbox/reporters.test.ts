import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { launch, reporterEnv } from '../../../src/runner/ecosystems/npm/reporters.ts'
import { results } from '../../../src/runner/ecosystems/results.ts'
import { bundleReporters } from '../../support/bundleReporters.ts'
import { installed } from '../../support/runners.ts'

interface Run {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** `id outcome`, sorted. */
  readonly tests: readonly string[]
  readonly messages: ReadonlyMap<string, string>
}

const bdd = `
describe('outer', () => {
  it('adds', () => { if (1 + 1 !== 2) throw new Error('no') })
  describe('inner', () => { it('fails', () => { throw new Error('planted fault') }) })
  it.skip('waits', () => {})
  it('twice', () => {})
  it('twice', () => {})
})
`
const bddTests = [
  'test/a.test.js › outer › adds passed',
  'test/a.test.js › outer › inner › fails failed',
  'test/a.test.js › outer › twice (2) passed',
  'test/a.test.js › outer › twice passed',
  'test/a.test.js › outer › waits skipped',
]

describe('structured reporters', () => {
  let reporters: string
  let root: string
  before(async () => {
    reporters = await bundleReporters()
    root = await mkdtemp(path.join(os.tmpdir(), 'drydock-reporter-projects-'))
  })
  after(async () => {
    await rm(reporters, { recursive: true, force: true })
    await rm(root, { recursive: true, force: true })
  })

  /** Runs `script` as a package script would be, in a project of these files, with and without reporters. */
  async function run(
    files: Readonly<Record<string, string>>,
    script: string,
    options: { runner?: string; node: number; reported?: boolean },
  ): Promise<Run> {
    const project = await mkdtemp(path.join(root, 'p-'))
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(project, name)), { recursive: true })
      await writeFile(path.join(project, name), text)
    }
    if (options.runner !== undefined) {
      await symlink(path.join(options.runner, 'node_modules'), path.join(project, 'node_modules'))
    }
    const node = options.node === 24 ? path.dirname(process.execPath) : await nodeBin(options.node)
    const out = path.join(project, '.results')
    const env = {
      HOME: project,
      CI: 'true',
      NO_COLOR: '1',
      PATH: `${project}/node_modules/.bin:${node}:/usr/bin:/bin`,
    }
    const reporting = { folder: reporters, results: out, nodeMajor: options.node }
    const reported = reporterEnv(reporting)
    const argv = ['sh', '-c', script]
    const [file = 'sh', ...rest] = options.reported === false ? argv : launch(argv, { place: out, reporting })
    const child = await execa(file, rest, {
      cwd: project,
      env: options.reported === false ? env : { ...env, ...reported },
      extendEnv: false,
      reject: false,
    })
    const names = (await readdir(out).catch(() => [])).filter((name) => name.endsWith('.jsonl'))
    const lines = new Map<string, Buffer>()
    for (const name of names) lines.set(name, await readFile(path.join(out, name)))
    const tests = results(lines, project) ?? []
    return {
      exitCode: child.exitCode,
      stdout: child.stdout.replaceAll(project, '<project>'),
      stderr: child.stderr.replaceAll(project, '<project>'),
      tests: tests.map((test) => `${test.id} ${test.outcome}`).sort(),
      messages: new Map(tests.map((test) => [test.id, test.message ?? ''])),
    }
  }

  async function nodeBin(major: number): Promise<string> {
    return path.join(await installed('node', major), 'node_modules/node/bin')
  }

  for (const [major, node] of [
    [8, 18],
    [9, 20],
    [10, 22],
    [11, 24],
    [12, 22],
    [12, 24],
  ] as const) {
    it(`mocha ${major} on Node ${node}`, async () => {
      const runner = await installed('mocha', major)
      const files = { 'test/a.test.js': bdd }
      const seen = await run(files, 'mocha "test/**/*.test.js"', { runner, node })
      assert.deepEqual(seen.tests, bddTests, seen.stdout + seen.stderr)
      assert.equal(seen.exitCode, 1)
      assert.match(seen.stdout, /3 passing/)
      assert.match(seen.messages.get('test/a.test.js › outer › inner › fails') ?? '', /planted fault\n\s+at /)
      const parallel = await run(files, 'mocha --parallel --reporter dot "test/**/*.test.js"', {
        runner,
        node,
      })
      assert.deepEqual(parallel.tests, bddTests, parallel.stdout + parallel.stderr)
    })
  }

  for (const [major, node] of [
    [27, 18],
    [28, 20],
    [29, 22],
    [30, 24],
  ] as const) {
    it(`jest ${major} on Node ${node}`, async () => {
      const runner = await installed('jest', major)
      const files = {
        'package.json': '{"jest":{"testEnvironment":"node"}}',
        'test/a.test.js': bdd,
        'test/b.test.js': 'require("./missing.js")\ntest("x", () => {})\n',
        'test/c.test.js': 'test.todo("later")\n',
      }
      const expected = [...bddTests, 'test/b.test.js failed', 'test/c.test.js › later todo'].sort()
      const script = 'NODE_OPTIONS=--experimental-vm-modules jest --watchman=false'
      const seen = await run(files, script, { runner, node })
      assert.deepEqual(seen.tests, expected, seen.stdout + seen.stderr)
      assert.equal(seen.exitCode, 1)
      assert.match(seen.stderr, /Tests: .*1 failed/)
      assert.match(seen.messages.get('test/b.test.js') ?? '', /missing/)
    })
  }

  for (const [major, node] of [
    [1, 18],
    [1, 22],
    [2, 20],
    [3, 22],
    [4, 22],
    [4, 24],
  ] as const) {
    it(`vitest ${major} on Node ${node}`, async () => {
      const runner = await installed('vitest', major)
      const header = 'import { describe, it } from "vitest"\n'
      const files = {
        'package.json': '{"type":"module"}',
        'vitest.config.mjs':
          'export default { test: { reporters: ["verbose", "json"], outputFile: { json: "own.json" } } }',
        'test/a.test.js': header + bdd,
        'test/b.test.js': 'import "./missing.js"\n',
        'test/c.test.js': 'import { it } from "vitest"\nit.todo("later")\n',
      }
      const expected = [...bddTests, 'test/b.test.js failed', 'test/c.test.js › later todo'].sort()
      const seen = await run(files, 'vitest run && false || cat own.json && false', { runner, node })
      assert.deepEqual(seen.tests, expected, seen.stdout + seen.stderr)
      assert.equal(seen.exitCode, 1)
      assert.match(seen.stdout, /"numFailedTests":1/)
    })
  }

  for (const node of [18, 20, 22, 24]) {
    const file = `
import test, { describe, it } from 'node:test'
test('top', () => {})
test('fails', () => { throw new Error('planted fault') })
test('parent', async (t) => { await t.test('child', () => {}) })
describe('suite', () => { it('inner', () => {}); it.skip('waits'); it.todo('later') })
`
    const files = {
      'test/a.test.mjs': file,
      'test/b.test.mjs': 'import "./missing.mjs"',
      'test/c.test.mjs': 'console.log("a plain script")',
    }
    const expected = [
      'test/a.test.mjs › fails failed',
      'test/a.test.mjs › parent passed',
      'test/a.test.mjs › parent › child passed',
      'test/a.test.mjs › suite › inner passed',
      'test/a.test.mjs › suite › later todo',
      'test/a.test.mjs › suite › waits skipped',
      'test/a.test.mjs › top passed',
      'test/b.test.mjs failed',
      'test/c.test.mjs passed',
    ]
    const shape = (text: string) =>
      text.replace(/[0-9.]+ ?ms|duration_ms:? [0-9.]+|:[0-9]+:[0-9]+|"[0-9.]+"/g, '#')

    it(`node:test on Node ${node}, output unchanged`, async () => {
      for (const script of [
        'node --test',
        'node --test --test-reporter=dot',
        'node --test --test-reporter tap --test-reporter-destination out.tap && false || cat out.tap && false',
        'NODE_OPTIONS=--test-reporter=tap node --test',
      ]) {
        const seen = await run(files, script, { node })
        assert.deepEqual(seen.tests, expected, script + seen.stdout + seen.stderr)
        assert.equal(seen.exitCode, 1)
        const bare = await run(files, script, { node, reported: false })
        assert.equal(shape(seen.stdout), shape(bare.stdout), script)
        assert.equal(seen.stderr, bare.stderr, script)
      }
    })

    it(`node:test without --test on Node ${node}`, async () => {
      const seen = await run(files, 'node test/a.test.mjs; node test/c.test.mjs', { node })
      assert.deepEqual(
        seen.tests.filter((test) => /top|inner/.test(test)),
        ['test/a.test.mjs › suite › inner passed', 'test/a.test.mjs › top passed'],
      )
      assert.match(seen.stdout, /a plain script/)
    })
  }

  it('keeps the lines of several processes of one script', async () => {
    const runner = await installed('mocha', 11)
    const files = {
      'test/a.test.js': bdd,
      'more/b.test.mjs': 'import test from "node:test"\ntest("b", () => {})',
    }
    const seen = await run(files, 'mocha test; node --test more/b.test.mjs', { runner, node: 24 })
    assert.deepEqual(seen.tests, ['more/b.test.mjs › b passed', ...bddTests])
  })

  it('says nothing where no runner is known', async () => {
    const seen = await run({ 'x.js': 'console.log(1)' }, 'node x.js', { node: 24 })
    assert.deepEqual(seen.tests, [])
    assert.equal(seen.stdout, '1')
  })
})
