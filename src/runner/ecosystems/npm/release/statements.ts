import type * as t from '@babel/types'

const maxDepth = 6

/** What runs as soon as a module is loaded: also what stands in branches and in functions that are called at once. */
export function runningStatements(body: readonly t.Statement[], depth = 0): readonly t.Statement[] {
  if (depth > maxDepth) return body
  return body.flatMap((statement) => {
    const inner = innerStatements(statement)
    return inner.length === 0 ? [statement] : [statement, ...runningStatements(inner, depth + 1)]
  })
}

function innerStatements(node: t.Statement): readonly t.Statement[] {
  switch (node.type) {
    case 'BlockStatement':
      return node.body
    // The branch of development comes last in most packages; it has at least the names of the other.
    case 'IfStatement':
      return [node.consequent, ...(node.alternate == null ? [] : [node.alternate])]
    case 'TryStatement':
      return node.block.body
    case 'ExpressionStatement':
      return calledAtOnce(node.expression)
    default:
      return []
  }
}

/** `(function () { … })()`, and the function that a UMD wrapper gives `exports` to. */
function calledAtOnce(node: t.Expression): readonly t.Statement[] {
  if (node.type === 'UnaryExpression') return calledAtOnce(node.argument)
  if (node.type !== 'CallExpression') return []
  const callee = node.callee.type === 'MemberExpression' ? node.callee.object : node.callee
  const factories = node.arguments.filter((one) =>
    bodyOf(one).some(() => parametersOf(one).includes('exports')),
  )
  return [...bodyOf(callee), ...factories.flatMap(bodyOf)]
}

function bodyOf(node: t.Node): readonly t.Statement[] {
  if (node.type !== 'FunctionExpression' && node.type !== 'ArrowFunctionExpression') return []
  return node.body.type === 'BlockStatement' ? node.body.body : []
}

function parametersOf(node: t.Node): readonly string[] {
  if (node.type !== 'FunctionExpression' && node.type !== 'ArrowFunctionExpression') return []
  return node.params.flatMap((one) => (one.type === 'Identifier' ? [one.name] : []))
}
