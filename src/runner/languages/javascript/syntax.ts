import { runInNewContext } from 'node:vm'
import { type ParserOptions, parse } from '@babel/parser'
import type * as t from '@babel/types'

const isScript = /\.[cm]?[jt]sx?$/
const maxMs = 2000
/** Nobody writes deeper code, and what looks at it calls itself for each level. */
const maxDepth = 500

export interface Syntax {
  readonly program: t.Program
  /** Texts of all comments. */
  readonly comments: readonly string[]
}

function pluginsFor(path: string): NonNullable<ParserOptions['plugins']> {
  if (/\.[cm]?ts$/.test(path)) return ['typescript', 'decorators']
  return path.endsWith('.tsx') ? ['typescript', 'jsx', 'decorators'] : ['jsx', 'decorators']
}

/** A script's syntax; undefined where it is none, or takes a parser longer than a person's file would. */
export function syntaxOf(path: string, text: string): Syntax | undefined {
  if (!isScript.test(path)) return undefined
  const work = () =>
    parse(text, {
      sourceType: 'unambiguous',
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      plugins: pluginsFor(path),
    })
  try {
    const { program, comments } = runInNewContext('work()', { work }, { timeout: maxMs }) as ReturnType<
      typeof work
    >
    if (isDeep(program)) return undefined
    return { program, comments: (comments ?? []).map(({ value }) => value) }
  } catch {
    return undefined
  }
}

function isNode(value: unknown): value is t.Node {
  return typeof value === 'object' && value !== null && typeof (value as t.Node).type === 'string'
}

export type Call = t.CallExpression

export function isCall(node: t.Node | undefined): node is Call {
  return node?.type === 'CallExpression'
}

export function isFunction(
  node: t.Node | undefined | null,
): node is t.ArrowFunctionExpression | t.FunctionExpression {
  return node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression'
}

export function childrenOf(node: t.Node): readonly t.Node[] {
  return Object.entries(node).flatMap(([key, value]) =>
    /Comments$|^loc$|^extra$/.test(key) ? [] : (Array.isArray(value) ? value : [value]).filter(isNode),
  )
}

function isDeep(program: t.Node): boolean {
  let level: readonly t.Node[] = [program]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return true
    level = level.flatMap((node) => childrenOf(node))
  }
  return false
}

/** Every node with those above it, nearest last. */
export function walk(root: t.Node, visit: (node: t.Node, above: readonly t.Node[]) => void): void {
  const above: t.Node[] = []
  const go = (node: t.Node) => {
    visit(node, above)
    above.push(node)
    for (const child of childrenOf(node)) go(child)
    above.pop()
  }
  go(root)
}

/** `['it', 'skip', 'each']` of `it.skip.each(rows)`; empty where it does not begin with a name. */
export function chainOf(node: t.Node): readonly string[] {
  switch (node.type) {
    case 'Identifier':
      return [node.name]
    case 'ThisExpression':
      return ['this']
    case 'CallExpression':
      return chainOf(node.callee)
    case 'TaggedTemplateExpression':
      return chainOf(node.tag)
    case 'MemberExpression': {
      const inner = chainOf(node.object)
      const { property } = node
      const name =
        property.type === 'Identifier' && !node.computed
          ? property.name
          : property.type === 'StringLiteral'
            ? property.value
            : '?'
      return inner.length === 0 ? [] : [...inner, name]
    }
    default:
      return []
  }
}
