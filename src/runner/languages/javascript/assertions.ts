import type * as t from '@babel/types'
import { chainOf, childrenOf, isCall, isFunction, walk } from './syntax.ts'

const vague = /^(toBeDefined|toBeTruthy|toBeFalsy|ok|exist|exists|truthy|falsy|assert|isOk|isDefined|pass)$/
const partial =
  /^(not|notEqual|notStrictEqual|notDeepEqual|notDeepStrictEqual|toContain\w*|toMatch|toMatchObject|match|include\w*|contain\w*|toHaveLength|toBe(Greater|Less)Than\w*|above|below|gt|gte|lt|lte|least|most|toHaveProperty|toBeInstanceOf|instanceOf|instanceof|an?|toBeTypeOf|doesNotThrow|notThrow\w*|doesNotReject)$/
/** Exact only where they say what is thrown. */
const throwing = /^(toThrow\w*|throws?|throw|throwsAsync|rejects|rejectedWith|rejected)$/
const promised = new Set(['rejects', 'resolves', 'eventually', 'rejected', 'rejectedWith', 'fulfilled'])
const deferring = new Set(['setTimeout', 'setImmediate', 'setInterval'])

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

type Strength = 'nothing' | 'little' | 'exact'

function says({ names, subject, expected }: Assertion, text: (node: t.Node) => string): Strength {
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

/** How much a node asks each time that its test runs; `nothing` where it is no assertion, or may not be reached. */
export function strengthOf(node: t.Node, above: readonly t.Node[], source: string): Strength {
  const assertion = assertionAt(node, above)
  if (assertion === undefined || isUnheard(assertion, above)) return 'nothing'
  if (mayNotRun(assertion.top, above.slice(0, assertion.at + 1))) return 'nothing'
  return says(assertion, ({ start, end }) => source.slice(start ?? 0, end ?? 0))
}
