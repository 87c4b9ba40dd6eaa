import type * as t from '@babel/types'
import { strengthOf } from './assertions.ts'
import { type Call, chainOf, isCall, isFunction, type Syntax, walk } from './syntax.ts'

/** What a test says: all assertions that run whenever it runs, and those of them that ask for one exact thing. */
export interface Said {
  readonly assertions: number
  readonly exact: number
}

/** A script's tests, as its syntax has them. */
export interface ScriptTests {
  /** By title; helpers outside of tests under the empty one. Rows of a table count each. */
  readonly tests: ReadonlyMap<string, Said & { readonly times: number }>
  /** Ways to keep a test from counting, how often each. */
  readonly skips: ReadonlyMap<string, number>
  /** Longest time that a test is given, ms. */
  readonly limit: number
}

const testNames = new Set(['it', 'test', 'specify', 'xit', 'xtest', 'xspecify', 'fit', 'ftest'])
const groupNames = new Set(['describe', 'suite', 'context', 'xdescribe', 'xcontext', 'fdescribe', 'fcontext'])
const modifiers: Readonly<Record<string, string>> = {
  ...{ skip: 'skip', skipIf: 'skip', pending: 'skip', todo: 'todo', only: 'only', runIf: 'only' },
  ...{ fails: 'expected failure', failing: 'expected failure', fail: 'expected failure' },
  ...{ expectFailure: 'expected failure', retry: 'retry', retries: 'retry', retryTimes: 'retry' },
}
/** Whose calls say something about the test that runs. */
const contexts = new Set(['t', 'ctx', 'context', 'this', 'tc', 'jest', 'vi'])

/** What another name of a script stands for: `import { it as run }`, `const later = it.skip`. */
function aliasesOf(program: t.Program): ReadonlyMap<string, readonly string[]> {
  const aliases = new Map<string, readonly string[]>()
  walk(program, (node) => {
    if (node.type === 'ImportSpecifier' && node.imported.type === 'Identifier')
      aliases.set(node.local.name, [node.imported.name])
    if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || node.init == null) return
    const [root = '', ...rest] = node.init.type === 'MemberExpression' ? chainOf(node.init) : []
    const chain = [...(aliases.get(root) ?? [root]), ...rest]
    if (testNames.has(chain[0] ?? '') || groupNames.has(chain[0] ?? '')) aliases.set(node.id.name, chain)
  })
  return aliases
}

function titleOf(call: Call): string | undefined {
  const [first] = call.arguments
  if (first?.type === 'StringLiteral') return first.value
  if (first?.type === 'TemplateLiteral') return first.quasis.map(({ value }) => value.raw).join('*')
  return first === undefined || isFunction(first) || first.type === 'ObjectExpression' ? undefined : '*'
}

function rowsOf({ callee }: Call): number {
  const table = isCall(callee) && chainOf(callee).at(-1) === 'each' ? callee.arguments[0] : undefined
  return table?.type === 'ArrayExpression' ? table.elements.length : 1
}

interface Reading {
  readonly tests: Map<string, { times: number; assertions: number; exact: number }>
  readonly skips: Map<string, number>
  limit: number
}

/** Reads what a script tests, and how much each test asks. */
export function readScriptTests({ program }: Syntax, source: string): ScriptTests {
  const aliases = aliasesOf(program)
  const chain = (node: t.Node): readonly string[] => {
    const [root = '', ...rest] = chainOf(node)
    return [...(aliases.get(root) ?? [root]), ...rest]
  }
  const made: Reading = { tests: new Map(), skips: new Map(), limit: 0 }
  const add = (title: string, times: number, assertions: number, exact: number) => {
    const old = made.tests.get(title) ?? { times: 0, assertions: 0, exact: 0 }
    made.tests.set(title, {
      times: old.times + times,
      assertions: old.assertions + assertions,
      exact: old.exact + exact,
    })
  }
  const skip = (kind: string) => made.skips.set(kind, (made.skips.get(kind) ?? 0) + 1)
  const isTest = (node: t.Node): node is Call =>
    isCall(node) &&
    testNames.has(chain(node.callee)[0] ?? '') &&
    node.arguments.some((one) => isFunction(one))
  const titleAbove = (above: readonly t.Node[]) => {
    const test = above.findLast(isTest)
    return test === undefined ? '' : (titleOf(test) ?? '*')
  }
  walk(program, (node, above) => {
    readModifiers(node, above, chain, made, skip)
    if (isTest(node)) add(titleOf(node) ?? '*', rowsOf(node), 0, 0)
    const strength = strengthOf(node, above, source)
    if (strength !== 'nothing') add(titleAbove(above), 0, 1, strength === 'exact' ? 1 : 0)
  })
  return made
}

function readModifiers(
  node: t.Node,
  above: readonly t.Node[],
  chain: (node: t.Node) => readonly string[],
  made: Reading,
  skip: (kind: string) => void,
): void {
  const parent = above.at(-1)
  const names = node.type === 'MemberExpression' || node.type === 'Identifier' ? chain(node) : []
  const [root = '', ...rest] = names
  const known = testNames.has(root) || groupNames.has(root)
  const whole = parent?.type !== 'MemberExpression' || parent.object !== node
  if (known && whole) {
    const kind = rest.map((name) => modifiers[name]).find((one) => one !== undefined)
    if (kind !== undefined) skip(kind)
    if (/^x/.test(root) && isCall(parent)) skip('skip')
    if (/^f(it|test|describe|context)$/.test(root) && isCall(parent)) skip('only')
  }
  if (!isCall(node)) return
  const [base = '', ...called] = chain(node.callee)
  const last = called.at(-1) ?? base
  const numbers = node.arguments.flatMap((one) => (one.type === 'NumericLiteral' ? [one.value] : []))
  if (contexts.has(base) && called.length === 1) {
    const kind = modifiers[last]
    if (kind !== undefined) skip(kind)
    if (/^(setTimeout|timeout)$/.test(last)) made.limit = Math.max(made.limit, ...numbers.map(endless))
  }
  if (base === 'pending' && called.length === 0) skip('skip')
  if (!testNames.has(base) && !groupNames.has(base)) return
  if (testNames.has(base)) made.limit = Math.max(made.limit, ...numbers.map(endless))
  const bare =
    testNames.has(base) && node.arguments.length === 1 && titleOf(node) !== '*' && titleOf(node) !== undefined
  if (bare && !called.includes('each') && modifiers[last] === undefined) skip('todo')
  for (const option of node.arguments) if (option.type === 'ObjectExpression') readOptions(option, made, skip)
}

/** No limit at all is the longest. */
function endless(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

function readOptions(options: t.ObjectExpression, made: Reading, skip: (kind: string) => void): void {
  for (const property of options.properties) {
    if (property.type !== 'ObjectProperty' || property.key.type !== 'Identifier') continue
    const { key, value } = property
    const off =
      (value.type === 'BooleanLiteral' && !value.value) ||
      (value.type === 'Identifier' && value.name === 'undefined')
    const kind = modifiers[key.name]
    if (kind !== undefined && !off) skip(kind)
    if (key.name === 'timeout' && value.type === 'NumericLiteral')
      made.limit = Math.max(made.limit, endless(value.value))
  }
}
