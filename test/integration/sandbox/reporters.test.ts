import assert from 'node:assert/strict'
import { inTurn } from '../../support/inTurn.ts'
import { type ReportedRuns, reportedRuns } from '../../support/reportedRun.ts'
import { installed } from '../../support/runners.ts'

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
  let runs: ReportedRuns
  before(async () => {
    runs = await reportedRuns()
  })
  after(() => runs[Symbol.asyncDispose]())
  const run: ReportedRuns['run'] = (files, script, options) => runs.run(files, script, options)

  for (const [at, [major, node]] of (
    [
      [8, 18],
      [9, 20],
      [10, 22],
      [11, 24],
      [12, 22],
      [12, 24],
    ] as const
  ).entries()) {
    inTurn(at, 3)(`mocha ${major} on Node ${node}`, async () => {
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

  for (const [at, [major, node]] of (
    [
      [27, 18],
      [28, 20],
      [29, 22],
      [30, 24],
    ] as const
  ).entries()) {
    inTurn(at, 3)(`jest ${major} on Node ${node}`, async () => {
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

  for (const [at, [major, node]] of (
    [
      [1, 18],
      [1, 22],
      [2, 20],
      [3, 22],
      [4, 22],
      [4, 24],
    ] as const
  ).entries()) {
    inTurn(at, 3)(`vitest ${major} on Node ${node}`, async () => {
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

  for (const [at, node] of [18, 20, 22, 24].entries()) {
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

    inTurn(at, 2)(`node:test on Node ${node}, output unchanged`, async () => {
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

    inTurn(at + 1, 2)(`node:test without --test on Node ${node}`, async () => {
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
