import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Matrix, Report, Step, StepName } from '../../../src/contract/report.ts'
import type { BrokenBy } from '../../../src/contract/why.ts'
import { summariseMaven } from '../../../src/runner/ecosystems/maven/summarise/index.ts'
import { summariseNpm } from '../../../src/runner/ecosystems/npm/summarise/index.ts'
import { explainBreaks } from '../../../src/runner/pipeline/breaks.ts'

const folder = fileURLToPath(new URL('../../fixtures/logs/', import.meta.url))
const notExported = /^ERR_PACKAGE_PATH_NOT_EXPORTED: Package subpath '\.\/v4' is not defined by "exports"/
const noName = /^SyntaxError: The requested module 'dep' does not provide an export named 'v7'/

/** Something that cannot be loaded or compiled, as a real run of a tool told it. */
export interface LoadError {
  readonly what: string
  /** The log, below `test/fixtures/logs`. */
  readonly log: string
  readonly step: StepName
  /** How its cause begins, wherever it is told. */
  readonly begins: RegExp
  /** Where it shows. */
  readonly place: string
}

const row = (what: string, log: string, step: StepName, begins: RegExp, place: string): LoadError => ({
  ...{ what, log, step, begins, place },
})

/** One of each tool. */
export const loadErrors: readonly LoadError[] = [
  row('node:test, CommonJS', 'npm/node-22-load-cjs', 'test', notExported, 'test/cart.test.js'),
  row('node:test, modules', 'npm/node-24-load-esm', 'test', noName, 'lib/cart.js:1 › test/cart.test.js'),
  row('mocha', 'npm/mocha-11-load-esm', 'test', noName, 'test/cart.test.js'),
  row(
    ...(['jest', 'npm/jest-30-load-cjs', 'test'] as const),
    /^Cannot find module 'dep\/v4' from 'lib\/invoice\.js'/,
    'test/invoice.test.js:2',
  ),
  row(
    ...(['vitest', 'npm/vitest-5-load-esm', 'test'] as const),
    /^Error: "\.\/v4" is not exported under the conditions/,
    'test/cart.test.js',
  ),
  row('ava', 'npm/ava-6-load-esm', 'test', noName, 'lib/cart.js:1 › test/cart.test.js'),
  row('tap', 'npm/tap-16-load-cjs', 'test', notExported, ''),
  row(
    ...(['the TypeScript compiler', 'npm/tsc-5', 'build'] as const),
    /^TS2307: Cannot find module '\.\/missing\.js'/,
    'src/cart.ts:1',
  ),
  row(
    ...(['the compiler in a Maven build', 'maven/compiler-3.1', 'build'] as const),
    /^cannot find symbol: class BlockEntryList$/,
    'src/main/java/com/acme/shop/Cart.java:7',
  ),
  row(
    ...(['a crash of surefire', 'maven/crashed-fork', 'test'] as const),
    /^The forked VM terminated without properly saying goodbye/,
    'com.acme.shop.CartTest',
  ),
]

/** The step that ended so, with what a run makes of its log. */
export function failedStep({ log, step: name }: Pick<LoadError, 'log' | 'step'>): Step {
  const text = readFileSync(`${folder}${log}.log`, 'utf8')
  const summary = log.startsWith('maven/') ? summariseMaven(text) : summariseNpm(name, text)
  return {
    ...{ name, command: 'the command', exitCode: 1, timedOut: false, outOfMemory: false, durationMs: 1 },
    ...{ log: 'a'.repeat(64), truncated: false, summary },
  }
}

export interface LoadFailure {
  readonly report: Report
  readonly matrix: Matrix
  /** As a session keeps them. */
  readonly causes: readonly BrokenBy[]
}

/** An update that broke this and nothing else. */
export function loadFailure(error: LoadError): LoadFailure {
  const step = failedStep(error)
  const report: Report = {
    ...{ role: 'update', steps: [step], tests: [], testsNamed: true, ok: false, notes: [] },
  }
  const { name, command } = step
  const matrix = { steps: [{ name, command, label: 'broken' }], tests: [] } as unknown as Matrix
  return { report, matrix, causes: explainBreaks(report, matrix).list }
}
