import type * as t from '@babel/types'
import type { Signature } from '../../release/difference.ts'
import type { Module } from './module.ts'

const maxText = 240

/** The source between two positions without comments, in one line. */
export function sourceOf(module: Module, start: number, end: number): string {
  let text = ''
  let from = start
  for (const comment of module.comments) {
    if (comment.end <= from || comment.start >= end) continue
    text += module.text.slice(from, comment.start)
    from = Math.min(comment.end, end)
  }
  return `${text}${module.text.slice(from, end)}`.replace(/\s+/g, ' ').trim()
}

function slice(module: Module, node: t.Node): string {
  return sourceOf(module, node.start ?? 0, node.end ?? 0)
}

/** Without what only the formatting is: blanks, kinds of quotes, last separators. */
function normal(text: string): string {
  const bare = text
    .replace(/\s*([^\w$\s])\s*/g, '$1')
    .replaceAll('"', "'")
    .replaceAll(';', ',')
    .replace(/,(?=[)}\]>]|$)/g, '')
    .replace(/^\|/, '')
    .replace(/\bArray<([\w.$]+)>/g, '$1[]')
  // A union's order says nothing.
  const [, mark = '', type = ''] = /^(\??:?\|?)(.*)$/s.exec(bare) ?? []
  const isUnion = /^[\w.$'\-[\]]+(?:\|[\w.$'\-[\]]+)+$/.test(type)
  return isUnion ? mark.replace('|', '') + type.split('|').sort().join('|') : bare
}

function typeKey(module: Module, annotation: t.Node | null | undefined): string {
  return annotation == null
    ? 'any'
    : normal(
        slice(module, annotation)
          .replace(/^:\s*/, '')
          .replace(/\breadonly /g, ''),
      )
}

function parameterKey(module: Module, node: t.Node): string {
  if (node.type === 'TSParameterProperty') return parameterKey(module, node.parameter)
  if (node.type === 'AssignmentPattern') return `?${typeKey(module, annotationOf(node.left))}`
  if (node.type === 'RestElement') return `...${typeKey(module, node.typeAnnotation)}`
  const key = typeKey(module, annotationOf(node))
  const optional = 'optional' in node && node.optional === true
  return optional ? `?${key.replace(/\|undefined$/, '')}` : key
}

export function annotationOf(node: t.Node): t.Node | null | undefined {
  return 'typeAnnotation' in node ? (node.typeAnnotation as t.Node | null) : undefined
}

interface Callable {
  readonly params?: readonly t.Node[]
  readonly parameters?: readonly t.Node[]
  readonly typeParameters?: t.Node | null
  readonly returnType?: t.Node | null
  readonly typeAnnotation?: t.Node | null
}

/** A function by the types it takes and gives; what its parameters are called does not count. */
export function functionSignature(module: Module, node: t.Node, text = slice(module, node)): Signature {
  const callable = node as unknown as Callable
  const parameters = (callable.params ?? callable.parameters ?? [])
    .filter((one) => !(one.type === 'Identifier' && one.name === 'this'))
    .map((one) => parameterKey(module, one))
  const given = callable.returnType ?? callable.typeAnnotation
  const generic = callable.typeParameters == null ? '' : normal(slice(module, callable.typeParameters))
  const key = `${generic}(${parameters.join(',')})=>${typeKey(module, given).replace(/^=>/, '')}`
  return { text: shortened(text), key, parameters }
}

/** Where only existence is known, as in JavaScript: the kind alone counts. */
export function kindSignature(kind: string, text: string): Signature {
  return { text: shortened(text), key: kind }
}

export function plainSignature(module: Module, node: t.Node, key = slice(module, node)): Signature {
  return { text: shortened(slice(module, node)), key: normal(key) }
}

/** The head of a class or an interface: its members stand for themselves. */
export function headSignature(module: Module, node: t.Node, body: t.Node): Signature {
  const text = sourceOf(module, node.start ?? 0, body.start ?? 0)
  // What it extends may be arranged anew without anybody's noticing.
  return { text: shortened(text), key: node.type.includes('Interface') ? 'type' : 'class' }
}

export function shortened(text: string): string {
  const bare = text.replace(/^(export |declare |default )+/, '').replace(/[;,]$/, '')
  return bare.length > maxText ? `${bare.slice(0, maxText)}…` : bare
}

/** Marked `@deprecated` in the comment before it. */
export function isDeprecated(node: t.Node): boolean {
  return node.leadingComments?.some(({ value }) => /@deprecated\b/.test(value)) === true
}
