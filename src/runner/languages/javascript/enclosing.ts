import type * as t from '@babel/types'
import { type Syntax, walk } from './syntax.ts'

type Named = t.Node & { readonly start: number; readonly end: number }

const functions = new Set<t.Node['type']>([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
])

function text(node: t.Node | null | undefined): string {
  if (node?.type === 'Identifier') return node.name
  if (node?.type === 'StringLiteral') return node.value
  if (node?.type === 'PrivateName') return `#${node.id.name}`
  return ''
}

function accessor(kind: string, name: string): string {
  return kind === 'get' || kind === 'set' ? `${kind} ${name}` : name
}

/** As an engine calls it: by its own name, or by what it is given to. */
function nameOf(node: t.Node, parent: t.Node | undefined): string {
  switch (node.type) {
    case 'FunctionDeclaration':
      return text(node.id)
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return 'computed' in node && node.computed === true ? '' : accessor(node.kind, text(node.key))
  }
  if (node.type === 'FunctionExpression' && text(node.id) !== '') return text(node.id)
  switch (parent?.type) {
    case 'VariableDeclarator':
      return text(parent.id)
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return 'computed' in parent && parent.computed === true ? '' : text(parent.key)
    case 'AssignmentExpression':
      return parent.left.type === 'MemberExpression' && !parent.left.computed
        ? text(parent.left.property)
        : text(parent.left)
    default:
      return ''
  }
}

/**
 * The innermost function around a place, by the name that an engine gives it; empty where it has none, undefined where
 * the place stands in none. `offset` in UTF-16 code units.
 */
export function functionAt({ program }: Syntax, offset: number): string | undefined {
  let found: string | undefined
  walk(program, (node, above) => {
    const { start, end } = node as Named
    if (functions.has(node.type) && start <= offset && offset < end) found = nameOf(node, above.at(-1))
  })
  return found
}
