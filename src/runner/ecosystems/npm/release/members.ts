import type * as t from '@babel/types'
import type { Signature } from '../../release/difference.ts'
import { addMember, type Surface } from './gathered.ts'
import { elsewhere, type Found, inScope } from './link.ts'
import type { Module } from './module.ts'
import {
  annotationOf,
  functionSignature,
  isDeprecated,
  kindSignature,
  plainSignature,
  sourceOf,
} from './signature.ts'

type Owner = t.ClassDeclaration | t.ClassExpression | t.TSInterfaceDeclaration | t.TSTypeLiteral

const maxDepth = 12

interface OwnMember {
  readonly name: string
  readonly signature: Signature
  readonly deprecated: boolean
}

function bodyOf(owner: Owner): readonly t.Node[] {
  if (owner.type === 'TSTypeLiteral') return owner.members
  return owner.body.body
}

function keyOf(node: t.Node): string | undefined {
  if (!('key' in node) || ('computed' in node && node.computed === true)) return undefined
  const key = node.key as t.Node
  if (key.type === 'Identifier') return key.name
  return key.type === 'StringLiteral' ? key.value : undefined
}

function ownMember(module: Module, node: t.Node): OwnMember | undefined {
  if ('accessibility' in node && node.accessibility === 'private') return undefined
  const deprecated = isDeprecated(node)
  if (node.type === 'TSCallSignatureDeclaration')
    return { name: '()', signature: functionSignature(module, node), deprecated }
  if (node.type === 'TSConstructSignatureDeclaration')
    return { name: 'constructor', signature: functionSignature(module, node), deprecated }
  const name = keyOf(node)
  // An underscore in front says that it is nobody else's.
  if (name === undefined || name.startsWith('_')) return undefined
  return { name, signature: signatureOf(module, node, name), deprecated }
}

function signatureOf(module: Module, node: t.Node, name: string): Signature {
  switch (node.type) {
    case 'TSMethodSignature':
    case 'TSDeclareMethod':
      return node.kind === 'get' || node.kind === 'set'
        ? accessorSignature(module, node)
        : functionSignature(module, node)
    case 'ClassMethod':
      return kindSignature(node.kind === 'method' ? 'function' : 'value', headOf(module, node))
    case 'TSPropertySignature':
    case 'ClassProperty': {
      const annotation = node.typeAnnotation?.type === 'TSTypeAnnotation' ? node.typeAnnotation : undefined
      const type = annotation?.typeAnnotation
      if (type?.type === 'TSFunctionType') {
        return functionSignature(module, type, sourceOf(module, node.start ?? 0, node.end ?? 0))
      }
      if (annotation === undefined) return kindSignature('value', name)
      const optional = node.optional === true ? '?' : ''
      const key = sourceOf(module, annotation.start ?? 0, annotation.end ?? 0)
      return plainSignature(module, node, `${optional}${key}`)
    }
    default:
      return kindSignature('value', name)
  }
}

/** A getter is its property; a setter beside one says nothing more. */
function accessorSignature(module: Module, node: t.TSMethodSignature | t.TSDeclareMethod): Signature {
  const given = node.type === 'TSDeclareMethod' ? node.returnType : annotationOf(node)
  if (node.kind === 'set' || given == null)
    return kindSignature('value', sourceOf(module, node.start ?? 0, node.end ?? 0))
  return plainSignature(module, node, sourceOf(module, given.start ?? 0, given.end ?? 0))
}

/** A method of JavaScript up to its body. */
function headOf(module: Module, node: t.ClassMethod): string {
  return sourceOf(module, node.start ?? 0, node.body.start ?? node.end ?? 0)
}

/** What an owner extends, as it names that. */
function basesOf(owner: Owner): readonly t.Node[] {
  if (owner.type === 'TSTypeLiteral') return []
  if (owner.type === 'TSInterfaceDeclaration')
    return (owner.extends ?? []).map((one) => (one as { readonly expression?: t.Node }).expression ?? one)
  return owner.superClass == null ? [] : [owner.superClass]
}

/** Names that what an owner extends begins with: `http` of `http.Agent`. */
function rootsOf(owner: Owner): readonly string[] {
  return basesOf(owner).flatMap((base) => {
    let node: t.Node = base
    while (node.type === 'MemberExpression' || node.type === 'TSQualifiedName')
      node = node.type === 'MemberExpression' ? node.object : node.left
    return node.type === 'Identifier' ? [node.name] : []
  })
}

/** It extends something that is not in the package. */
function isOpen(surface: Surface, module: Module, owner: Owner): boolean {
  return rootsOf(owner).some((root) => inScope(surface.linker, module, root)?.kind === 'external')
}

function isOwner(node: t.Node): node is Owner {
  return ['ClassDeclaration', 'ClassExpression', 'TSInterfaceDeclaration'].includes(node.type)
}

function ownersNamed(
  surface: Surface,
  module: Module,
  base: t.Node,
): Extract<Found, { kind: 'nodes' }> | undefined {
  const { linker } = surface
  const found =
    base.type === 'Identifier' ? inScope(linker, module, base.name) : elsewhere(linker, module, base)
  return found?.kind === 'nodes' ? found : undefined
}

/** Tells the members of a class, an interface or an object type, and knows which of them it inherits. */
export function membersOf(surface: Surface, module: Module, name: string, owner: Owner, depth = 0): void {
  for (const node of bodyOf(owner)) {
    const member = ownMember(module, node)
    if (member === undefined) continue
    const full = `${name}.${member.name}`
    // What a hidden base declares, the class itself may have declared already.
    if (depth > 0 && surface.members.has(full)) continue
    addMember(surface, full, member.signature, member.deprecated)
  }
  if (isOpen(surface, module, owner)) surface.open.add(name)
  if (depth >= maxDepth) return
  for (const base of basesOf(owner)) {
    const found = ownersNamed(surface, module, base)
    for (const node of found?.nodes ?? []) {
      if (found === undefined || !isOwner(node)) continue
      if (surface.exported.has(node)) inherit(surface, found.module, name, node, depth + 1)
      else membersOf(surface, found.module, name, node, depth + 1)
    }
  }
}

function inherit(surface: Surface, module: Module, name: string, owner: Owner, depth: number): void {
  for (const node of bodyOf(owner)) {
    const member = ownMember(module, node)
    if (member !== undefined) surface.inherited.add(`${name}.${member.name}`)
  }
  if (isOpen(surface, module, owner)) surface.open.add(name)
  if (depth >= maxDepth) return
  for (const base of basesOf(owner)) {
    const found = ownersNamed(surface, module, base)
    for (const node of found?.nodes ?? [])
      if (found !== undefined && isOwner(node)) inherit(surface, found.module, name, node, depth + 1)
  }
}
