import type * as t from '@babel/types'
import { chainOf, childrenOf, type Syntax, walk } from './syntax.ts'

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
const vague = /^(toBeDefined|toBeTruthy|toBeFalsy|ok|exist|exists|truthy|falsy|assert|isOk|isDefined|pass)$/
const partial =
  /^(not|notEqual|notStrictEqual|notDeepEqual|notDeepStrictEqual|toContain\w*|toMatch|toMatchObject|match|include\w*|contain\w*|toHaveLength|toBe(Greater|Less)Than\w*|above|below|gt|gte|lt|lte|least|most|toHaveProperty|toBeInstanceOf|instanceOf|instanceof|an?|toBeTypeOf|doesNotThrow|notThrow\w*|doesNotReject)$/
/** Exact only where they say what is thrown. */
const throwing = /^(toThrow\w*|throws?|throw|throwsAsync|rejects|rejectedWith|rejected)$/
const promised = new Set(['rejects', 'resolves', 'eventually', 'rejected', 'rejectedWith', 'fulfilled'])
const deferring = new Set(['setTimeout', 'setImmediate', 'setInterval'])

type Call = t.CallExpression

function isCall(node: t.Node | undefined): node is Call {
  return node?.type === 'CallExpression'
}

function isFunction(
  node: t.Node | undefined | null,
): node is t.ArrowFunctionExpression | t.FunctionExpression {
  return node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression'
}

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

/** The whole of `expect(x).not.toBe(1)`, from its innermost call. */
function wholeOf(node: t.Node, above: readonly t.Node[]): { readonly top: t.Node; readonly at: number } {
  let [top, at] = [node, above.length - 1]
  for (; at >= 0; at -= 1) {
    const next = above[at]
    if (next?.type === 'MemberExpression' && next.object === top) top = next
    else if (isCall(next) && next.callee === top) top = next
    else break
  }
  return { top, at }
}

function namesAfter(top: t.Node, inner: t.Node): readonly string[] {
  const names: string[] = []
  for (let node = top; node !== inner; ) {
    if (isCall(node)) node = node.callee
    else if (node.type === 'MemberExpression') {
      if (node.property.type === 'Identifier') names.unshift(node.property.name)
      node = node.object
    } else return names
  }
  return names
}

/** Says nothing of the code: made of literals alone. */
function isConstant(node: t.Node | undefined): boolean {
  if (node === undefined) return true
  if (/^(Identifier|CallExpression|NewExpression|AwaitExpression|ThisExpression)$/.test(node.type))
    return node.type === 'Identifier' && node.name === 'undefined'
  if (isFunction(node)) return false
  return childrenOf(node).every((child) => isConstant(child))
}

interface Assertion {
  readonly names: readonly string[]
  readonly subject: t.Node | undefined
  readonly expected: readonly t.Node[]
  readonly top: t.Node
  /** Place of the first node above all of it. */
  readonly at: number
}

function assertionAt(node: t.Node, above: readonly t.Node[]): Assertion | undefined {
  if (!isCall(node)) return undefined
  const { callee } = node
  const [root = '', ...rest] = chainOf(callee)
  const [subject, ...others] = node.arguments
  if (root === 'expect' && rest.every((name) => /^(soft|poll|element)$/.test(name)) && !isCall(callee)) {
    const { top, at } = wholeOf(node, above)
    if (top === node) return undefined
    return { names: namesAfter(top, node), subject, expected: isCall(top) ? top.arguments : [], top, at }
  }
  const direct = callee.type === 'Identifier' || callee.type === 'MemberExpression'
  const own =
    root === 'assert' ||
    (root === 't' &&
      rest.length === 1 &&
      !/^(test|skip|todo|before|after|mock|plan|diagnostic|context|teardown|log|timeout|end|beforeEach|afterEach)$/.test(
        rest[0] ?? '',
      ))
  if (!direct || !own) return undefined
  return {
    names: rest.length === 0 ? ['assert'] : rest,
    subject,
    expected: others,
    top: node,
    at: above.length - 1,
  }
}

function says(
  text: (node: t.Node) => string,
  { names, subject, expected }: Assertion,
): 'nothing' | 'little' | 'exact' {
  if (subject !== undefined && isConstant(subject) && expected.every((one) => isConstant(one)))
    return 'nothing'
  const [first] = expected
  if (subject !== undefined && first !== undefined && text(subject) === text(first)) return 'nothing'
  const comparison = subject?.type === 'BinaryExpression' && /^[!=]==?$/.test(subject.operator)
  if (names.some((name) => vague.test(name))) return comparison ? 'exact' : 'little'
  if (names.some((name) => throwing.test(name)) && !names.some((name) => /^toBe$|[Ee]qual/.test(name)))
    return first === undefined || names.includes('not') ? 'little' : 'exact'
  const loose = expected.some((one) =>
    /\bexpect\.(any|anything|\w+Containing|stringMatching)\b/.test(text(one)),
  )
  return loose || names.some((name) => partial.test(name)) ? 'little' : 'exact'
}

function returnsItself(node: t.Node): boolean {
  if (node.type === 'ReturnStatement') return true
  return !/Function|Method/.test(node.type) && childrenOf(node).some(returnsItself)
}

const returns = new WeakMap<t.BlockStatement, number>()

/** Place of the first statement after which a block may be left. */
function firstReturn(block: t.BlockStatement): number {
  const known = returns.get(block) ?? block.body.findIndex(returnsItself)
  returns.set(block, known)
  return known < 0 ? block.body.length : known
}

function rethrows(handler: t.Node): boolean {
  let found = false
  walk(handler, (node, above) => {
    if (node.type === 'ThrowStatement' || assertionAt(node, above) !== undefined) found = true
    if (isCall(node) && /^(done|fail|reject|next)$/.test(chainOf(node.callee).at(-1) ?? '')) found = true
  })
  return found
}

/** Whether a branch, a swallowed failure or a return before it can keep what stands at `node` from being asked. */
function mayNotRun(node: t.Node, above: readonly t.Node[]): boolean {
  return above.some((outer, index) => {
    const inner = above[index + 1] ?? node
    if (outer.type === 'IfStatement' || outer.type === 'ConditionalExpression') return inner !== outer.test
    if (outer.type === 'LogicalExpression') return inner === outer.right
    if (outer.type === 'TryStatement')
      return inner === outer.block && outer.handler != null && !rethrows(outer.handler)
    if (outer.type === 'ForOfStatement')
      return outer.right.type === 'ArrayExpression' && outer.right.elements.length === 0
    if (isCall(outer) && deferring.has(chainOf(outer.callee).at(-1) ?? '')) return true
    if (outer.type !== 'BlockStatement') return false
    return outer.body.indexOf(inner as t.Statement) > firstReturn(outer)
  })
}

/** Promises of which nobody hears. */
function isUnheard({ names, at }: Assertion, above: readonly t.Node[]): boolean {
  return names.some((name) => promised.has(name)) && above[at]?.type === 'ExpressionStatement'
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
  const text = (node: t.Node) => source.slice(node.start ?? 0, node.end ?? 0)
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
    const assertion = assertionAt(node, above)
    if (assertion === undefined || isUnheard(assertion, above)) return
    const strength = says(text, assertion)
    const outer = above.slice(0, assertion.at + 1)
    if (strength === 'nothing' || mayNotRun(assertion.top, outer)) return
    add(titleAbove(above), 0, 1, strength === 'exact' ? 1 : 0)
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
