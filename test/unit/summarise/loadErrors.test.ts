import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Matrix, Report, Step, StepName } from '../../../src/contract/report.ts'
import { causeText, placeText } from '../../../src/contract/whyRows.ts'
import { summariseMaven } from '../../../src/runner/ecosystems/maven/summarise/index.ts'
import { summariseNpm } from '../../../src/runner/ecosystems/npm/summarise/index.ts'
import { brokenBy } from '../../../src/runner/pipeline/breaks.ts'
import { failureTexts } from '../../../src/runner/repair/failureTexts.ts'
import { withCauses } from '../../../src/runner/verify/causes.ts'

const folder = fileURLToPath(new URL('../../fixtures/logs/', import.meta.url))
const notExported = /^ERR_PACKAGE_PATH_NOT_EXPORTED: Package subpath '\.\/v4' is not defined by "exports"/
const noName = /^SyntaxError: The requested module 'dep' does not provide an export named 'v7'/

/** The log of what cannot be loaded or compiled, how its cause begins wherever it is told, and where it shows. */
const table: readonly (readonly [string, string, StepName, RegExp, string])[] = [
  ['node:test, CommonJS', 'npm/node-22-load-cjs', 'test', notExported, 'test/cart.test.js'],
  ['node:test, modules', 'npm/node-24-load-esm', 'test', noName, 'lib/cart.js:1 › test/cart.test.js'],
  ['mocha', 'npm/mocha-11-load-esm', 'test', noName, 'test/cart.test.js'],
  [
    'jest',
    'npm/jest-30-load-cjs',
    'test',
    /^Cannot find module 'dep\/v4' from 'lib\/invoice\.js'/,
    'test/invoice.test.js:2',
  ],
  [
    'vitest',
    'npm/vitest-5-load-esm',
    'test',
    /^Error: "\.\/v4" is not exported under the conditions/,
    'test/cart.test.js',
  ],
  ['ava', 'npm/ava-6-load-esm', 'test', noName, 'lib/cart.js:1 › test/cart.test.js'],
  ['tap', 'npm/tap-16-load-cjs', 'test', notExported, ''],
  [
    'the TypeScript compiler',
    'npm/tsc-5',
    'build',
    /^TS2307: Cannot find module '\.\/missing\.js'/,
    'src/cart.ts:1',
  ],
  [
    'the compiler in a Maven build',
    'maven/compiler',
    'build',
    /^cannot find symbol/,
    'src/main/java/com/acme/shop/Cart.java:7',
  ],
  [
    'a crash of surefire',
    'maven/crashed-fork',
    'test',
    /^The forked VM terminated without properly saying goodbye/,
    'com.acme.shop.CartTest',
  ],
]

function step(path: string, name: StepName): Step {
  const log = readFileSync(`${folder}${path}.log`, 'utf8')
  const summary = path.startsWith('maven/') ? summariseMaven(log) : summariseNpm(name, log)
  return {
    ...{ name, command: 'the command', exitCode: 1, timedOut: false, outOfMemory: false, durationMs: 1 },
    ...{ log: 'a'.repeat(64), truncated: false, summary },
  }
}

describe('what cannot be loaded is told by its error', () => {
  for (const [what, path, name, words, place] of table) {
    it(`of ${what}`, () => {
      const failed = step(path, name)
      const report: Report = {
        role: 'update',
        steps: [failed],
        tests: [],
        testsNamed: true,
        ok: false,
        notes: [],
      }
      const steps = [{ name, command: 'the command', label: 'broken' as const }]
      const [first] = brokenBy(report, { steps, tests: [] as Matrix['tests'] } as Matrix).list
      assert.ok(first)
      assert.match(causeText(first), words)
      assert.equal(placeText(first.places[0] ?? {}), place)
      // What the agent reads first of it says the same.
      const told =
        failureTexts([failed])[0]
          ?.split('\n')
          .find((line) => line.startsWith('- ')) ?? ''
      for (const part of [first.code ?? '', first.message.split('\n')[0] ?? ''])
        assert.ok(told.includes(part), `${part} is not in ${told}`)
    })
  }

  it('in the list of tests as well, where a runner only says that a file failed', () => {
    const failed = step('npm/node-22-load-cjs', 'test')
    const file = 'test/cart.test.js'
    const test = { id: file, file, outcome: 'failed' as const, durationMs: 1, message: 'test failed' }
    const other = { ...test, message: 'AssertionError: no' }
    const found = withCauses([test, other], [failed]).map(({ message }) => message)
    assert.match(found[0] ?? '', /ERR_PACKAGE_PATH_NOT_EXPORTED/)
    assert.equal(found[1], 'AssertionError: no')
  })
})
