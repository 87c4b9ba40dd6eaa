import { posix } from 'node:path'
import type * as t from '@babel/types'
import { chainOf, type Syntax, walk } from './syntax.ts'

/** What a test file takes from the project. */
export interface Units {
  /** Modules of the project that are no part of the tests. */
  readonly sources: number
  /** Names of the test kit that come from a file of the project. */
  readonly ownKit: number
  /** Members of the project's own modules that are replaced. */
  readonly replaced: number
}

const ofTests =
  /(^|\/)(tests?|__tests__|__mocks__|specs?|e2e|fixtures?|mocks?|fakes?|helpers?|support)(\/|$)|(^|[/._-])(test|spec|mock|fake|stub)s?([._-]|$)/i
const kitNames = new Set(['assert', 'expect', 'chai', 'should', 'it', 'test', 'describe'])
const replacing = /^(spyOn|stub|method|replace|replaceProperty)$/

function requested(node: t.Node): string | undefined {
  if (
    node.type !== 'CallExpression' ||
    !/^(require|import)$/.test(chainOf(node.callee)[0] ?? node.callee.type.toLowerCase())
  )
    return undefined
  const [first] = node.arguments
  return first?.type === 'StringLiteral' ? first.value : undefined
}

function localNames(node: t.Node): readonly string[] {
  if (node.type === 'ImportDeclaration') return node.specifiers.map(({ local }) => local.name)
  if (node.type !== 'VariableDeclarator') return []
  if (node.id.type === 'Identifier') return [node.id.name]
  if (node.id.type !== 'ObjectPattern') return []
  return node.id.properties.flatMap((one) =>
    one.type === 'ObjectProperty' && one.value.type === 'Identifier' ? [one.value.name] : [],
  )
}

export function readUnits(path: string, { program }: Syntax): Units {
  const found = { sources: 0, ownKit: 0, replaced: 0 }
  const own = new Set<string>()
  walk(program, (node) => {
    const from =
      node.type === 'ImportDeclaration'
        ? node.source.value
        : node.type === 'VariableDeclarator' && node.init != null
          ? requested(node.init)
          : undefined
    if (from?.startsWith('.') === true) {
      const isOfTests = ofTests.test(posix.join(posix.dirname(path), from))
      const names = localNames(node)
      found.sources += isOfTests ? 0 : 1
      found.ownKit += names.filter((name) => kitNames.has(name)).length
      if (!isOfTests) for (const name of names) own.add(name)
    }
    if (node.type !== 'CallExpression' || !replacing.test(chainOf(node.callee).at(-1) ?? '')) return
    const [target] = node.arguments
    if (target?.type === 'Identifier' && own.has(target.name)) found.replaced += 1
  })
  return found
}
