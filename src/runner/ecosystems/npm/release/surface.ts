import type * as t from '@babel/types'
import { addMember, type Surface } from './gathered.ts'
import { elsewhere, exportedNames, externalStars, type Found, inScope, lookup } from './link.ts'
import { membersOf } from './members.ts'
import { type Module, wholeExport } from './module.ts'
import { nestedModule } from './parse.ts'
import {
  functionSignature,
  headSignature,
  isDeprecated,
  kindSignature,
  plainSignature,
  sourceOf,
} from './signature.ts'

/** Tells all that a module exports, below a prefix that ends in `.` or is empty. */
export function expand(surface: Surface, module: Module, prefix: string): void {
  if (surface.expanded.has(module)) return
  surface.expanded.add(module)
  const { linker } = surface
  const found = exportedNames(linker, module).flatMap((name) => {
    const one = lookup(linker, module, name)
    return one === undefined ? [] : [{ name, one }]
  })
  for (const { one } of found) {
    if (one.kind === 'nodes') for (const node of one.nodes) surface.exported.add(node)
  }
  // Aliases and namespaces repeat what has a name of its own.
  const order = (name: string, one: Found) =>
    one.kind === 'whole' ? 2 : name === 'default' || name === wholeExport ? 1 : 0
  for (const { name, one } of found.sort((a, b) => order(a.name, a.one) - order(b.name, b.one)))
    tellFound(surface, `${prefix}${name}`, one, { whole: name === wholeExport, prefix })
  for (const from of externalStars(linker, module))
    addMember(surface, `${prefix}* from ${from}`, kindSignature('external', `export * from '${from}'`))
}

interface Place {
  /** It is what `require` gives: its members are the package's own. */
  readonly whole: boolean
  readonly prefix: string
}

function tellFound(surface: Surface, name: string, found: Found, place: Place): void {
  if (found.kind === 'external') {
    addMember(surface, name, kindSignature('external', `from '${found.from}'`))
    return
  }
  if (found.kind === 'whole') {
    if (!place.whole) addMember(surface, name, kindSignature('namespace', `namespace ${name}`))
    expand(surface, found.module, place.whole ? place.prefix : `${name}.`)
    return
  }
  for (const node of found.nodes) tellNode(surface, found.module, name, node, place)
  if (found.local !== undefined) tellAssigned(surface, found.module, name, found.local, place)
}

/** Where the members of a node go: those of a class that is itself the default keep the name of the class. */
function memberPrefix(name: string, node: t.Node, place: Place): string {
  const unnamed = name.endsWith('default') || name.endsWith(wholeExport)
  const own =
    'id' in node && (node.id as t.Node | null)?.type === 'Identifier' ? (node.id as t.Identifier).name : ''
  return unnamed && own !== '' ? `${place.prefix}${own}` : name
}

export function tellNode(
  surface: Surface,
  module: Module,
  name: string,
  node: t.Node,
  place: Place = { whole: false, prefix: '' },
): void {
  const first = !surface.told.has(node)
  surface.told.add(node)
  const owner = memberPrefix(name, node, place)
  const deprecated = isDeprecated(node)
  switch (node.type) {
    case 'TSDeclareFunction':
      addMember(surface, name, functionSignature(module, node), deprecated)
      return
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
      addMember(surface, name, kindSignature('function', callOf(module, name, node)), deprecated)
      return
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'TSInterfaceDeclaration':
      addMember(surface, name, headSignature(module, node, node.body), deprecated)
      if (first) membersOf(surface, module, owner, node)
      return
    case 'TSModuleDeclaration':
      if (first) tellNamespace(surface, module, name, node, place)
      return
    case 'TSTypeAliasDeclaration':
      tellAlias(surface, module, name, node, first, deprecated)
      return
    case 'TSEnumDeclaration':
      tellEnum(surface, module, name, node, deprecated)
      return
    case 'VariableDeclarator':
      tellVariable(surface, module, name, node, first)
      return
    case 'ObjectExpression':
      if (first) tellObject(surface, module, name, node)
      return
    default:
      addMember(surface, name, kindSignature('value', name), deprecated)
      return
  }
}

function callOf(module: Module, name: string, node: t.Function): string {
  const parameters = node.params.map((one) => sourceOf(module, one.start ?? 0, one.end ?? 0))
  return `${name.replace(wholeExport, 'module.exports')}(${parameters.join(', ')})`
}

function tellNamespace(
  surface: Surface,
  module: Module,
  name: string,
  node: t.TSModuleDeclaration,
  place: Place,
): void {
  if (node.body.type !== 'TSModuleBlock') return
  const nested = nestedModule(module, node.body.body)
  // What the namespace does not declare itself, it sees around it.
  for (const [local, nodes] of module.declared)
    if (!nested.declared.has(local)) nested.declared.set(local, nodes)
  for (const [local, target] of module.imports)
    if (!nested.imports.has(local)) nested.imports.set(local, target)
  if (!place.whole) addMember(surface, name, kindSignature('namespace', `namespace ${name}`))
  expand(surface, nested, place.whole ? place.prefix : `${name}.`)
}

function tellAlias(
  surface: Surface,
  module: Module,
  name: string,
  node: t.TSTypeAliasDeclaration,
  first: boolean,
  deprecated: boolean,
): void {
  const { typeAnnotation: type } = node
  const parts = type.type === 'TSIntersectionType' ? type.types : [type]
  const literals = parts.filter((part) => part.type === 'TSTypeLiteral')
  if (literals.length === 0 && tellSame(surface, module, name, type)) return
  if (literals.length === 0) {
    const signature =
      type.type === 'TSFunctionType' ? functionSignature(module, type) : plainSignature(module, node)
    addMember(surface, name, signature, deprecated)
    return
  }
  addMember(surface, name, { text: `type ${name}`, key: 'type' }, deprecated)
  if (first) for (const literal of literals) membersOf(surface, module, name, literal)
}

/** A type that is another one by a name of its own: its members are told by that name. */
function tellSame(surface: Surface, module: Module, name: string, type: t.TSType): boolean {
  const found = elsewhere(surface.linker, module, type.type === 'TSTypeReference' ? type.typeName : type)
  if (found?.kind !== 'nodes') return false
  const fresh = found.nodes.filter((node) => !surface.exported.has(node) && !surface.told.has(node))
  if (fresh.length === 0) return false
  for (const node of fresh) tellNode(surface, found.module, name, node)
  return true
}

function tellEnum(
  surface: Surface,
  module: Module,
  name: string,
  node: t.TSEnumDeclaration,
  deprecated: boolean,
): void {
  addMember(surface, name, kindSignature('enum', `enum ${name}`), deprecated)
  const members = node.members ?? []
  for (const one of members) {
    const key =
      one.id.type === 'Identifier' ? one.id.name : one.id.type === 'StringLiteral' ? one.id.value : ''
    if (key !== '')
      addMember(
        surface,
        `${name}.${key}`,
        kindSignature('value', sourceOf(module, one.start ?? 0, one.end ?? 0)),
      )
  }
}

function tellVariable(
  surface: Surface,
  module: Module,
  name: string,
  node: t.VariableDeclarator,
  first: boolean,
): void {
  const annotation = node.id.type === 'Identifier' ? node.id.typeAnnotation : undefined
  if (annotation?.type !== 'TSTypeAnnotation') {
    if (node.init == null) {
      addMember(surface, name, kindSignature('value', name))
      return
    }
    tellNode(surface, module, name, node.init)
    return
  }
  const type = annotation.typeAnnotation
  const deprecated = isDeprecated(node)
  if (type.type === 'TSFunctionType') {
    addMember(surface, name, functionSignature(module, type), deprecated)
    return
  }
  const hidden = type.type === 'TSTypeReference' ? hiddenType(surface, module, type) : undefined
  addMember(surface, name, plainSignature(module, node), deprecated)
  if (type.type === 'TSTypeLiteral' && first) membersOf(surface, module, name, type)
  for (const one of hidden?.nodes ?? []) {
    if (one.type !== 'TSInterfaceDeclaration' && one.type !== 'ClassDeclaration') continue
    if (!surface.told.has(one) && hidden !== undefined) membersOf(surface, hidden.module, name, one)
    surface.told.add(one)
  }
}

/** The declaration that a type names, where nobody else can name it. */
function hiddenType(
  surface: Surface,
  module: Module,
  type: t.TSTypeReference,
): Extract<Found, { kind: 'nodes' }> | undefined {
  if (type.typeName.type !== 'Identifier') return undefined
  const found = inScope(surface.linker, module, type.typeName.name)
  if (found?.kind !== 'nodes' || found.nodes.some((node) => surface.exported.has(node))) return undefined
  return found
}

function tellObject(surface: Surface, module: Module, name: string, node: t.ObjectExpression): void {
  addMember(surface, name, kindSignature('value', name))
  for (const one of node.properties) {
    if (one.type === 'SpreadElement') continue
    const key = one.key.type === 'Identifier' && !one.computed ? one.key.name : undefined
    if (key === undefined || key.startsWith('_')) continue
    const value = one.type === 'ObjectMethod' ? one : one.value
    const called = /Function|ObjectMethod/.test(value.type)
    const text = called ? callOf(module, `${name}.${key}`, value as t.Function) : `${name}.${key}`
    addMember(surface, `${name}.${key}`, kindSignature(called ? 'function' : 'value', text))
  }
}

/** What JavaScript assigns to an exported function or class, and to its prototype. */
function tellAssigned(surface: Surface, module: Module, name: string, local: string, place: Place): void {
  const statics = module.assigned.get(local) ?? new Map<string, t.Node>()
  const methods = module.assigned.get(`${local}.prototype`) ?? new Map<string, t.Node>()
  const prefix = place.whole ? place.prefix : `${name}.`
  const owner = name.endsWith(wholeExport) || name.endsWith('default') ? `${place.prefix}${local}` : name
  const all = [
    ...[...statics].map(([key, node]) => [`${prefix}${key}`, key, node] as const),
    ...[...methods].map(([key, node]) => [`${owner}.${key}`, key, node] as const),
  ]
  for (const [full, key, node] of all) {
    if (key.startsWith('_') || key === 'prototype' || surface.members.has(full)) continue
    const called = /Function/.test(node.type)
    const text = called ? callOf(module, full, node as t.Function) : full
    addMember(surface, full, kindSignature(called ? 'function' : 'value', text))
  }
}
