import assert from 'node:assert/strict'
import { inTurn } from '../../support/inTurn.ts'
import { type ReportedRuns, reportedRuns } from '../../support/reportedRun.ts'
import { installed } from '../../support/runners.ts'

const bdd = `
describe('outer', () => {
  it('adds', () => {})
  describe('inner', () => { it('fails', () => { throw new Error('planted fault') }) })
  it.skip('waits', () => {})
})
`
const ava = `
test('adds', t => t.is(1 + 1, 2))
test('fails', t => t.is(1, 2))
test.skip('waits', t => t.pass())
test.todo('later')
`
const tape = `
test('adds', (t) => { t.equal(1 + 1, 2); t.end() })
test('outer', (t) => { t.test('fails', (s) => { s.equal(1, 2); s.end() }); t.end() })
test('waits', { skip: true }, (t) => t.end())
`
const tap = `const t = require('tap')
t.test('adds', (t) => { t.equal(1 + 1, 2); t.equal(2, 2, 'two'); t.end() })
t.test('outer', (t) => { t.test('fails', (s) => { s.equal(1, 2); s.end() }); t.end() })
t.test('waits', { skip: true }, (t) => t.end())
t.test('later', { todo: true }, (t) => t.end())
`
const uvu = `import { test, suite } from 'uvu'
import * as assert from 'uvu/assert'
test('adds', () => assert.is(1 + 1, 2))
test.run()
const outer = suite('outer')
outer('fails', () => assert.is(1, 2))
outer.run()
`
const jasmine = `
describe('outer', () => {
  it('adds', () => expect(1 + 1).toBe(2))
  it('fails', () => expect(1).toBe(2))
  xit('waits', () => {})
})
`
const qunit = `
QUnit.module('outer', () => {
  QUnit.test('adds', (a) => a.equal(1 + 1, 2))
  QUnit.test('fails', (a) => a.equal(1, 2))
  QUnit.skip('waits', () => {})
  QUnit.todo('later', (a) => a.ok(false))
})
`
const lab = `const lab = (exports.lab = require('@hapi/lab').script())
lab.experiment('outer', () => {
  lab.test('adds', () => {})
  lab.test('fails', () => { throw new Error('planted fault') })
  lab.test.skip('waits', () => {})
})
`
const playwright = `import { test, expect } from '@playwright/test'
test.describe('outer', () => {
  test('adds', () => { expect(1 + 1).toBe(2) })
  test('fails', () => { expect(1).toBe(2) })
  test.skip('waits', () => {})
  test('opens a page', async ({ page }) => {})
})
`

interface Kit {
  readonly script: string
  readonly files: Readonly<Record<string, string>>
  readonly tests: readonly string[]
  /** Major versions of the runner, each with the Node it is tried on; the first is the short form's. */
  /** Takes longer than the short form may. */
  readonly long?: true
  readonly versions: readonly (readonly [major: number, node: number])[]
}

const commonJs = { 'package.json': '{}' }
const modules = { 'package.json': '{"type":"module"}' }
const inTest = (...names: readonly string[]) => names.map((name) => `test/a.test.js › ${name}`)
const common = ['outer › adds passed', 'outer › fails failed', 'outer › waits skipped'] as const

/** One file that runs in each of two projects, and one that loads in none. */
const ofTwoProjects = [
  ...['one', 'two'].flatMap((project) =>
    inTest(
      `[${project}] › outer › adds passed`,
      `[${project}] › outer › inner › fails failed`,
      `[${project}] › outer › waits skipped`,
    ),
  ),
  'test/b.test.js failed',
]

const kits: readonly (Kit & { readonly name: string })[] = [
  {
    name: 'mocha',
    script: 'mocha test',
    files: { 'test/a.test.js': bdd },
    tests: inTest('outer › adds passed', 'outer › inner › fails failed', 'outer › waits skipped'),
    versions: [[3, 10], [5, 12], [8, 14]], // biome-ignore format: a table
  },
  {
    name: 'jest',
    script: 'jest',
    files: {
      'package.json':
        '{"jest":{"projects":[{"displayName":"one","testEnvironment":"node"},{"displayName":"two","testEnvironment":"node"}]}}',
      'test/a.test.js': bdd,
      'test/b.test.js': 'require("./missing.js")\ntest("x", () => {})\n',
    },
    tests: ofTwoProjects,
    versions: [[23, 10], [24, 12], [26, 14], [29, 18]], // biome-ignore format: a table
  },
  {
    name: 'vitest',
    script: 'vitest run',
    files: {
      ...modules,
      'vitest.config.mjs':
        'export default { test: { projects: ["one", "two"].map((name) => ({ test: { name, globals: true } })) } }',
      'test/a.test.js': bdd,
      'test/b.test.js': 'import "./missing.js"\n',
    },
    tests: ofTwoProjects,
    versions: [[5, 24], [3, 20]], // biome-ignore format: a table
  },
  {
    name: 'ava',
    script: 'ava',
    files: {
      ...modules,
      'test/a.test.js': `import test from 'ava'\n${ava}`,
      'test/b.test.js': 'import "./missing.js"',
    },
    tests: [...inTest('adds passed', 'fails failed', 'later todo', 'waits skipped'), 'test/b.test.js failed'],
    versions: [[6, 24], [4, 18], [5, 20], [6, 22]], // biome-ignore format: a table
  },
  {
    name: 'ava',
    script: 'ava',
    files: { ...commonJs, 'test/a.test.js': `const test = require('ava')\n${ava}` },
    tests: inTest('adds passed', 'fails failed', 'later todo', 'waits skipped'),
    versions: [[3, 18]],
  },
  {
    name: 'tape',
    script: 'tape "test/*.js"',
    files: { ...commonJs, 'test/a.test.js': `const test = require('tape')\n${tape}` },
    tests: inTest('adds passed', 'outer passed', 'outer › fails failed', 'waits skipped'),
    versions: [[5, 22], [4, 10], [4, 18], [5, 24]], // biome-ignore format: a table
  },
  {
    name: 'tape',
    script: 'node test/a.test.js',
    files: { ...modules, 'test/a.test.js': `import test from 'tape'\n${tape}` },
    tests: inTest('adds passed', 'outer passed', 'outer › fails failed', 'waits skipped'),
    versions: [[5, 24], [5, 20]], // biome-ignore format: a table
  },
  {
    name: 'tap',
    script: 'tap --disable-coverage test/*.js',
    long: true,
    files: { ...commonJs, 'test/a.test.js': tap },
    tests: inTest('adds passed', 'later todo', 'outer › fails failed', 'waits skipped'),
    versions: [[21, 24], [18, 20], [21, 22]], // biome-ignore format: a table
  },
  {
    name: 'tap',
    script: 'tap --no-coverage --reporter=dot test/*.js',
    files: { ...commonJs, 'test/a.test.js': tap },
    tests: inTest('adds passed', 'later todo', 'outer › fails failed', 'waits skipped'),
    versions: [[16, 18], [14, 12], [15, 14]], // biome-ignore format: a table
  },
  {
    name: 'uvu',
    script: 'uvu test',
    files: { ...modules, 'test/a.test.js': uvu },
    tests: inTest('adds passed', 'outer › fails failed'),
    versions: [[0, 24], [0, 18], [0, 20]], // biome-ignore format: a table
  },
  {
    name: 'jasmine',
    script: 'jasmine --random=false test/*.js',
    files: { ...commonJs, 'test/a.test.js': jasmine },
    tests: inTest(...common),
    versions: [[7, 24], [4, 20], [5, 22]], // biome-ignore format: a table
  },
  {
    name: 'jasmine',
    script: 'jasmine --random=false test/*.js',
    files: { ...commonJs, 'test/a.test.js': jasmine },
    tests: common,
    versions: [[3, 10]],
  },
  {
    name: 'qunit',
    script: 'qunit',
    files: { ...commonJs, 'test/a.test.js': qunit },
    tests: ['outer › adds passed', 'outer › fails failed', 'outer › later todo', 'outer › waits skipped'],
    versions: [[3, 24], [2, 18]], // biome-ignore format: a table
  },
  {
    name: '@hapi/lab',
    script: 'lab',
    files: { ...commonJs, 'test/a.test.js': lab },
    tests: common,
    versions: [[26, 22]],
  },
  {
    name: '@playwright/test',
    script: 'playwright test',
    long: true,
    files: { ...commonJs, 'test/a.test.js': playwright },
    tests: inTest(
      'outer › adds passed',
      'outer › fails failed',
      'outer › opens a page failed',
      'outer › waits skipped',
    ),
    versions: [[1, 20], [1, 24]], // biome-ignore format: a table
  },
]

/** A run's words without its times and seeds; runners that work at several files at once mix the order. */
function words(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/[\d.]+ ?(?:m?s|seconds)\b|seed.*|\(node:\d+\)/g, '#'))
  return lines
    .filter(
      (line) => line.trim() !== '' && !/^\s*at |^[.F*·°x-]+\S*$|Time:|Start at|Duration|tests \|/.test(line),
    )
    .sort()
}

describe('the tests of every usual runner by name, and its run as without us', () => {
  let runs: ReportedRuns
  before(async () => {
    runs = await reportedRuns()
  })
  after(() => runs[Symbol.asyncDispose]())

  const all = process.env.DRYDOCK_ALL_RUNNERS === '1'
  for (const [at, { name, script, files, tests, versions, long }] of kits.entries()) {
    if (long === true && !all) continue
    for (const [major, node] of all ? versions : versions.slice(0, 1)) {
      inTurn(at, 2)(`${name} ${major} on Node ${node}: ${script}`, async () => {
        const runner = await installed(name, major)
        const seen = await runs.run(files, script, { runner, node })
        const plain = await runs.run(files, script, { runner, node, reported: false })
        assert.deepEqual(seen.tests, [...tests].sort(), seen.stdout + seen.stderr)
        assert.equal(seen.exitCode, plain.exitCode)
        assert.deepEqual(words(seen.stdout), words(plain.stdout))
        assert.deepEqual(words(seen.stderr), words(plain.stderr))
        assert.deepEqual(seen.counts, plain.counts)
      })
    }
  }

  it('node:test on a Node that has no reporters: by what it prints', async () => {
    const files = { 'test/a.test.js': "const test = require('node:test')\ntest('adds', () => {})\n" }
    const seen = await runs.run(files, 'node test/a.test.js', { node: 16 })
    assert.deepEqual(seen.tests, ['adds passed'], seen.stdout + seen.stderr)
    assert.equal(seen.exitCode, 0)
  })

  it('says which runner names nothing, and counts what it prints', async () => {
    const files = {
      'node_modules/karma/bin/karma':
        'console.log("Chrome 1.0: Executed 3 of 3 (1 FAILED) (0.01 secs / 0 secs)")\n',
    }
    const seen = await runs.run(files, 'node node_modules/karma/bin/karma start', { node: 24 })
    assert.deepEqual(seen.unnamed, ['karma'])
    assert.deepEqual(seen.counts, { passed: 2, failed: 1, skipped: 0 })
  })
})
