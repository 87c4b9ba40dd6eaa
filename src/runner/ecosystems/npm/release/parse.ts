import { type ParserOptions, parse } from '@babel/parser'
import type * as t from '@babel/types'
import { readCommonJs } from './commonjs.ts'
import { emptyModule, exportExpression, type Module, wholeExport } from './module.ts'
import { runningStatements } from './statements.ts'

/** Undefined where the text is no program. */
export function parseModule(file: string, text: string): Module | undefined {
  const declarations = /\.d\.[cm]?ts$/.test(file)
  const plugins: ParserOptions['plugins'] = declarations ? [['typescript', { dts: true }]] : []
  try {
    const ast = parse(text, {
      sourceType: declarations ? 'module' : 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins,
    })
    const comments = (ast.comments ?? []).map(({ start, end }) => ({ start: start ?? 0, end: end ?? 0 }))
    const module = emptyModule(file, text, comments)
    const body = declarations ? ast.program.body : runningStatements(ast.program.body)
    for (const statement of body) readStatement(module, statement)
    if (!declarations) readCommonJs(module, body)
    return module
  } catch {
    return undefined
  }
}

/** The module that a namespace's body makes: without export declarations of its own, everything in it is exported. */
export function nestedModule(outer: Module, body: readonly t.Statement[]): Module {
  const module = emptyModule(outer.file, outer.text, outer.comments)
  for (const statement of body) readStatement(module, statement)
  const explicit = body.some(
    ({ type }) =>
      type === 'ExportNamedDeclaration' ||
      type === 'TSExportAssignment' ||
      type === 'ExportDefaultDeclaration',
  )
  if (!explicit) for (const name of module.declared.keys()) module.exports.set(name, { kind: 'local', name })
  return module
}

function declare(module: Module, name: string, node: t.Node): void {
  const known = module.declared.get(name)
  if (known === undefined) module.declared.set(name, [node])
  else known.push(node)
}

function nameOf(node: t.Identifier | t.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value
}

/** Names that a declaration makes; those of patterns are not looked for. */
function declareAll(module: Module, node: t.Statement): readonly string[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.flatMap((one) => {
        if (one.id.type !== 'Identifier') return []
        one.leadingComments ??= node.leadingComments ?? null
        declare(module, one.id.name, one)
        return [one.id.name]
      })
    case 'TSModuleDeclaration':
      if (node.id.type === 'StringLiteral' || node.body.type !== 'TSModuleBlock') {
        if (node.id.type === 'StringLiteral' && node.body.type === 'TSModuleBlock')
          module.ambient.set(node.id.value, nestedModule(module, node.body.body))
        return []
      }
      declare(module, moduleName(node.id), node)
      return [moduleName(node.id)]
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
      if (node.id?.type !== 'Identifier') return []
      declare(module, node.id.name, node)
      return [node.id.name]
    default:
      return []
  }
}

function moduleName(id: t.Identifier | t.TSQualifiedName | t.StringLiteral): string {
  if (id.type === 'Identifier') return id.name
  return id.type === 'StringLiteral' ? id.value : id.right.name
}

function readStatement(module: Module, node: t.Statement): void {
  switch (node.type) {
    case 'ImportDeclaration':
      readImport(module, node)
      return
    case 'ExportAllDeclaration':
      module.stars.push(node.source.value)
      return
    case 'ExportNamedDeclaration':
      readNamed(module, node)
      return
    case 'ExportDefaultDeclaration':
      withComments(node.declaration, node.leadingComments)
      readDefault(module, node.declaration)
      return
    case 'TSExportAssignment':
      exportExpression(module, wholeExport, node.expression)
      return
    case 'TSImportEqualsDeclaration':
      readImportEquals(module, node)
      return
    default:
      declareAll(module, node)
  }
}

function readImport(module: Module, node: t.ImportDeclaration): void {
  const from = node.source.value
  for (const one of node.specifiers) {
    const name =
      one.type === 'ImportSpecifier'
        ? nameOf(one.imported)
        : one.type === 'ImportDefaultSpecifier'
          ? 'default'
          : '*'
    module.imports.set(one.local.name, { kind: 'from', from, name })
  }
}

function readNamed(module: Module, node: t.ExportNamedDeclaration): void {
  if (node.declaration != null) {
    withComments(node.declaration, node.leadingComments)
    for (const name of declareAll(module, node.declaration)) module.exports.set(name, { kind: 'local', name })
  }
  const from = node.source?.value
  for (const one of node.specifiers) {
    const exported = nameOf(one.exported)
    if (from === undefined) {
      if (one.type === 'ExportSpecifier')
        module.exports.set(exported, { kind: 'local', name: nameOf(one.local) })
    } else {
      const name = one.type === 'ExportSpecifier' ? nameOf(one.local) : '*'
      module.exports.set(exported, { kind: 'from', from, name })
    }
  }
}

/** What stands before `export` is said of what is exported. */
function withComments(node: t.Node, comments: t.Node['leadingComments']): void {
  if (comments == null) return
  node.leadingComments ??= comments
  if (node.type === 'VariableDeclaration')
    for (const one of node.declarations) one.leadingComments ??= node.leadingComments
}

function readDefault(module: Module, node: t.ExportDefaultDeclaration['declaration']): void {
  if ('id' in node && node.id?.type === 'Identifier') {
    declare(module, node.id.name, node)
    module.exports.set('default', { kind: 'local', name: node.id.name })
  } else exportExpression(module, 'default', node)
}

function readImportEquals(module: Module, node: t.TSImportEqualsDeclaration): void {
  const { moduleReference: reference } = node
  if (reference.type === 'TSExternalModuleReference') {
    module.imports.set(node.id.name, {
      kind: 'from',
      from: reference.expression.value,
      name: wholeExport,
    })
  } else if (reference.type === 'Identifier') {
    module.imports.set(node.id.name, { kind: 'local', name: reference.name })
  }
  if (node.isExport === true) module.exports.set(node.id.name, { kind: 'local', name: node.id.name })
}
