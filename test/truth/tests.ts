import type { Choice } from './choice.ts'

/** A test of a generated project: what it compares, as JavaScript. */
export interface Case {
  /** Expression that makes the name; a name that is not the same twice has a stable `mark` beside it. */
  readonly name: string
  readonly mark: string
  readonly actual: string
  readonly expected: string
}

export interface TestFile {
  /** Path without extension, from the member's folder. */
  readonly path: string
  /** Names that the file takes from the project's own source. */
  readonly imports: readonly string[]
  readonly source: string
  /** Each is the text of a test, or a loop around one. */
  readonly cases: readonly (Case & { readonly each?: string })[]
}

export type Modules = 'cjs' | 'esm'
type Runner = Choice['runner']

/** What a runner wants at the head of a file, around a test, and at the end. */
interface Style {
  readonly head: (modules: Modules) => string
  readonly test: (one: Case) => string
  readonly foot?: string
}

const take = (modules: Modules, names: string, from: string): string =>
  modules === 'esm'
    ? `import ${names} from '${from}'`
    : `const ${names.replaceAll(' as ', ': ')} = require('${from}')`

/** A test leaves its mark where it passed: that is how the host knows what ran, whatever a runner prints. */
const passed = ({ mark, expected }: Case): string =>
  `if (actual === ${expected}) passed(${JSON.stringify(mark)})`

const thrown =
  (check: string, call = 'test') =>
  (one: Case) =>
    `${call}(${one.name}, () => {\n  const actual = ${one.actual}\n  ${check.replace('EXPECTED', one.expected)}\n  ${passed(one)}\n})`
const asked =
  (check: string, end = '') =>
  (one: Case) =>
    `test(${one.name}, (t) => {\n  const actual = ${one.actual}\n  ${check.replace('EXPECTED', one.expected)}\n  ${passed(one)}${end}\n})`

const strict = (modules: Modules): string => take(modules, 'assert', 'node:assert/strict')

const harness = `let count = 0
let failures = 0
function test(name, body) {
  count += 1
  try {
    body()
    console.log('ok ' + count + ' - ' + name)
  } catch (error) {
    failures += 1
    console.log('not ok ' + count + ' - ' + name + '\\n  ---\\n  message: ' + JSON.stringify(error.message) + '\\n  ...')
  }
}
console.log('TAP version 13')`

const totals = `console.log('1..' + count)
console.log('# tests ' + count + '\\n# pass ' + (count - failures) + '\\n# fail ' + failures)
process.exitCode = failures === 0 ? 0 : 1`

const styles: Readonly<Record<Exclude<Runner, 'none' | 'junit4' | 'junit5'>, Style>> = {
  node: {
    head: (modules) => `${take(modules, '{ test }', 'node:test')}\n${strict(modules)}`,
    test: thrown('assert.equal(actual, EXPECTED)'),
  },
  mocha: { head: strict, test: thrown('assert.equal(actual, EXPECTED)', 'it') },
  jest: { head: () => '', test: thrown('expect(actual).toBe(EXPECTED)') },
  jasmine: { head: () => '', test: thrown('expect(actual).toBe(EXPECTED)', 'it') },
  tape: {
    head: (modules) => take(modules, 'test', 'tape'),
    test: asked("t.equal(actual, EXPECTED, 'as expected')", '\n  t.end()'),
  },
  ava: {
    head: (modules) => (modules === 'esm' ? "import test from 'ava'" : "const test = require('ava')"),
    test: asked('t.is(actual, EXPECTED)'),
  },
  uvu: {
    head: (modules) =>
      `${take(modules, '{ test }', 'uvu')}\n${modules === 'esm' ? "import * as assert from 'uvu/assert'" : "const assert = require('uvu/assert')"}`,
    test: thrown('assert.is(actual, EXPECTED)'),
    foot: 'test.run()',
  },
  printed: {
    head: (modules) => `${strict(modules)}\n${harness}`,
    test: thrown('assert.equal(actual, EXPECTED)'),
    foot: totals,
  },
  assert: {
    head: (modules) => `${strict(modules)}\nconst test = (_name, body) => body()`,
    test: thrown('assert.equal(actual, EXPECTED)'),
  },
}

/** Text of a test file. */
export function testText(runner: Runner, modules: Modules, file: TestFile, marks: string): string {
  const style = styles[runner as keyof typeof styles]
  const imports =
    file.imports.length === 0 ? [] : [take(modules, `{ ${file.imports.join(', ')} }`, file.source)]
  const lines = [
    style.head(modules),
    take(modules, '{ appendFileSync }', 'node:fs'),
    ...imports,
    `const passed = (name) => appendFileSync(${JSON.stringify(marks)}, name + '\\n')`,
    ...file.cases.map(({ each, ...one }) =>
      each === undefined ? style.test(one) : looped(each, style.test(one)),
    ),
    style.foot ?? '',
  ]
  return `${lines.filter((line) => line !== '').join('\n')}\n`
}

function looped(list: string, test: string): string {
  // The mark is a string literal: only its number is filled in.
  return `for (const each of ${list}) {\n${test.replaceAll(/"([^"\n]*)EACH"/g, '"$1" + each')}\n}`
}

/** The command that runs these files. */
export function commandOf(runner: Runner, files: readonly string[]): string {
  const names = files.join(' ')
  switch (runner) {
    case 'node':
      return `node --test ${names}`
    case 'printed':
    case 'assert':
      return files.map((file) => `node ${file}`).join(' && ')
    case 'uvu':
      return files.length > 1 ? 'uvu test test' : `uvu test ${files[0]?.split('/').at(-1)}`
    default:
      return `${runner} ${names}`
  }
}

/** Exact versions: the same project for the same seed. */
export const runnerPackages: Readonly<Partial<Record<Runner, Readonly<Record<string, string>>>>> = {
  mocha: { mocha: '11.7.5' },
  jest: { jest: '30.2.0' },
  tape: { tape: '5.9.0' },
  ava: { ava: '6.4.1' },
  uvu: { uvu: '0.5.6' },
  jasmine: { jasmine: '5.12.0' },
}
