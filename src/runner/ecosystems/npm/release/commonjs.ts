import type * as t from '@babel/types'
import { exportExpression, type Module, type Target, wholeExport } from './module.ts'

/** `exports.a`, `module.exports.a`: `a`; `module.exports` itself: the whole. */
function exportedName(node: t.Node): string | undefined {
  if (isWhole(node)) return wholeExport
  if (node.type !== 'MemberExpression') return undefined
  const name = propertyName(node.property, node.computed)
  if (name === undefined) return undefined
  const ofExports = node.object.type === 'Identifier' && node.object.name === 'exports'
  return ofExports || isWhole(node.object) ? name : undefined
}

function isWhole(node: t.Node): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'Identifier' &&
    node.object.name === 'module' &&
    propertyName(node.property, node.computed) === 'exports'
  )
}

function propertyName(node: t.Node, computed: boolean): string | undefined {
  if (node.type === 'StringLiteral') return node.value
  return !computed && node.type === 'Identifier' ? node.name : undefined
}

/** Module that a `require` names; wrappers of compilers are seen through. */
function required(node: t.Node | null | undefined): string | undefined {
  if (node?.type !== 'CallExpression') return undefined
  const [first] = node.arguments
  if (node.callee.type === 'Identifier' && node.callee.name === 'require')
    return first?.type === 'StringLiteral' ? first.value : undefined
  return node.callee.type === 'Identifier' && /^_{1,2}\w+$/.test(node.callee.name)
    ? required(first)
    : undefined
}

/** Reads what CommonJS exports and assigns, at a module's top level and in the compilers' own forms. */
export function readCommonJs(module: Module, body: readonly t.Statement[]): void {
  for (const statement of body) {
    if (statement.type === 'VariableDeclaration')
      for (const one of statement.declarations) readRequire(module, one)
    if (statement.type === 'ExpressionStatement') readExpression(module, statement.expression)
  }
}

function readRequire(module: Module, { id, init }: t.VariableDeclarator): void {
  if (init?.type === 'AssignmentExpression') {
    readExpression(module, init)
    return
  }
  const member = init?.type === 'MemberExpression' ? init : undefined
  const from = required(member?.object ?? init)
  if (from === undefined) return
  if (id.type === 'Identifier') {
    const name = member === undefined ? wholeExport : propertyName(member.property, member.computed)
    if (name !== undefined) module.imports.set(id.name, { kind: 'from', from, name })
    return
  }
  if (id.type !== 'ObjectPattern') return
  for (const one of id.properties) {
    if (one.type !== 'ObjectProperty' || one.value.type !== 'Identifier') continue
    const name = propertyName(one.key, one.computed)
    if (name !== undefined) module.imports.set(one.value.name, { kind: 'from', from, name })
  }
}

function readExpression(module: Module, node: t.Expression): void {
  if (node.type === 'SequenceExpression') for (const one of node.expressions) readExpression(module, one)
  if (node.type === 'CallExpression') readCall(module, node)
  // Compilers mark names for tools in a branch that never runs: `0 && (module.exports = { a })`.
  if (node.type === 'LogicalExpression') readExpression(module, node.right)
  if (node.type === 'AssignmentExpression') readAssignment(module, node)
}

function readAssignment(module: Module, node: t.AssignmentExpression): void {
  let value: t.Expression = node.right
  const targets: t.Node[] = [node.left]
  while (value.type === 'AssignmentExpression') {
    targets.push(value.left)
    value = value.right
  }
  for (const target of targets) assign(module, target, value)
}

function assign(module: Module, target: t.Node, value: t.Expression): void {
  const name = exportedName(target)
  if (name !== undefined) {
    // A compiler's first assignment of `undefined` only declares.
    if (value.type !== 'UnaryExpression') exportValue(module, name, value)
    return
  }
  if (target.type !== 'MemberExpression') return
  const member = propertyName(target.property, target.computed)
  const prototype = target.object.type === 'MemberExpression' ? target.object : undefined
  const owner = prototype === undefined ? target.object : prototype.object
  if (member === undefined || owner.type !== 'Identifier') return
  if (prototype !== undefined && propertyName(prototype.property, prototype.computed) !== 'prototype') return
  const of = prototype === undefined ? owner.name : `${owner.name}.prototype`
  const known = module.assigned.get(of) ?? new Map<string, t.Node>()
  module.assigned.set(of, known.set(member, value))
}

function exportValue(module: Module, name: string, value: t.Expression): void {
  const from = required(value)
  const target: Target | undefined =
    from === undefined ? undefined : { kind: 'from', from, name: wholeExport }
  if (target !== undefined) module.exports.set(name, target)
  else if (name === wholeExport && value.type === 'ObjectExpression') readObject(module, value)
  else exportExpression(module, name, value)
}

/** An exported object's properties are what is exported; so are those that are spread into it. */
function readObject(module: Module, node: t.ObjectExpression): void {
  for (const one of node.properties) {
    if (one.type === 'SpreadElement') {
      const from = required(one.argument)
      if (from !== undefined) module.stars.push(from)
      continue
    }
    const name = propertyName(one.key, one.computed)
    if (name === undefined) continue
    if (one.type === 'ObjectMethod') module.exports.set(name, { kind: 'node', node: one })
    else exportValue(module, name, one.value as t.Expression)
  }
}

function isExports(node: t.Node | undefined): boolean {
  return (
    node !== undefined &&
    ((node.type === 'Identifier' && /^(exports|\w*_exports|module\$exports)$/.test(node.name)) ||
      isWhole(node))
  )
}

/** `Object.defineProperty(exports, 'a', { get })`, `__exportStar(require(x), exports)`, `__export(exports, { a: … })`. */
function readCall(module: Module, { callee, arguments: given }: t.CallExpression): void {
  const [first, second, third] = given
  const name = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined
  if (name === 'defineProperty' && isExports(first) && second?.type === 'StringLiteral') {
    if (third?.type === 'ObjectExpression' && second.value !== '__esModule')
      module.exports.set(second.value, getterTarget(third))
    return
  }
  if (name === 'assign' && isExports(first) && second?.type === 'ObjectExpression') {
    readObject(module, second)
    return
  }
  const called = callee.type === 'Identifier' ? callee.name : name
  if (called?.endsWith('exportStar') === true || called === '__reExport') {
    const from = required(first) ?? required(second)
    if (from !== undefined) module.stars.push(from)
  }
  if (called?.endsWith('export') === true && isExports(first) && second?.type === 'ObjectExpression') {
    for (const one of second.properties) {
      const key = one.type === 'SpreadElement' ? undefined : propertyName(one.key, one.computed)
      if (key !== undefined && one.type === 'ObjectProperty') module.exports.set(key, returned(one.value))
    }
  }
}

/** What a getter hands out: a name of this module, or one of another. */
function getterTarget(node: t.ObjectExpression): Target {
  for (const one of node.properties) {
    if (one.type === 'ObjectProperty' && propertyName(one.key, one.computed) === 'get')
      return returned(one.value)
  }
  return { kind: 'node', node }
}

function returned(node: t.Node): Target {
  const body = 'body' in node ? (node.body as t.Node) : node
  const value =
    body.type === 'BlockStatement'
      ? body.body.find((one): one is t.ReturnStatement => one.type === 'ReturnStatement')?.argument
      : body
  return value?.type === 'Identifier'
    ? { kind: 'local', name: value.name }
    : { kind: 'node', node: value ?? node }
}
