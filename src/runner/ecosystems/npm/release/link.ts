import { posix } from 'node:path'
import type * as t from '@babel/types'
import { type Module, type Target, wholeExport } from './module.ts'
import { parseModule } from './parse.ts'
import type { PackageFiles } from './tarball.ts'

const limits = { files: 2_500, characters: 24_000_000, depth: 24 } as const

/** The modules of one package, read as they are asked for. */
export interface Linker {
  readonly files: PackageFiles
  readonly packageName: string
  /** Files of its entries, by the names that the package calls itself by. */
  readonly selves: ReadonlyMap<string, string>
  readonly modules: Map<string, Module | undefined>
  /** Characters that may still be read. */
  room: number
  /** A limit was met. */
  partial: boolean
}

/** What a name stands for in the end. */
export type Found =
  | {
      readonly kind: 'nodes'
      readonly module: Module
      readonly nodes: readonly t.Node[]
      readonly local?: string
    }
  | { readonly kind: 'whole'; readonly module: Module }
  | { readonly kind: 'external'; readonly from: string }

export function createLinker(
  packageName: string,
  files: PackageFiles,
  selves: ReadonlyMap<string, string> = new Map(),
): Linker {
  return { files, packageName, selves, modules: new Map(), room: limits.characters, partial: false }
}

export function moduleAt(linker: Linker, file: string): Module | undefined {
  if (linker.modules.has(file)) return linker.modules.get(file)
  const text = linker.files.get(file)
  if (text === undefined) return undefined
  if (text.length > linker.room || linker.modules.size >= limits.files) {
    linker.partial = true
    return undefined
  }
  linker.room -= text.length
  const module = parseModule(file, text)
  linker.modules.set(file, module)
  return module
}

const declarationOf: Readonly<Record<string, string>> = { '.js': '.d.ts', '.mjs': '.d.mts', '.cjs': '.d.cts' }

/** Files that a specifier can mean, from a declaration file or from JavaScript. */
export function candidates(path: string, declarations: boolean): readonly string[] {
  const clean = posix.normalize(path).replace(/^\.\//, '').replace(/\/$/, '')
  if (!declarations) {
    return [clean, `${clean}.js`, `${clean}.cjs`, `${clean}.mjs`, `${clean}/index.js`, `${clean}/index.cjs`]
  }
  const extension = posix.extname(clean)
  const stem = clean.slice(0, clean.length - extension.length)
  const twin = declarationOf[extension]
  return [
    ...(twin === undefined ? [] : [`${stem}${twin}`, `${stem}.d.ts`]),
    ...(/\.d\.[cm]?ts$/.test(clean) ? [clean] : []),
    ...(/\.[cm]?ts$/.test(clean) ? [clean.replace(/\.([cm]?)ts$/, '.d.$1ts')] : []),
    ...['.d.ts', '.d.mts', '.d.cts', '/index.d.ts', '/index.d.mts'].map((end) => `${clean}${end}`),
  ]
}

function resolve(linker: Linker, from: Module, specifier: string): Module | undefined {
  const ambient = from.ambient.get(specifier)
  if (ambient !== undefined) return ambient
  const self = linker.selves.get(specifier)
  if (self !== undefined) return moduleAt(linker, self)
  if (!/^\.{1,2}(\/|$)/.test(specifier)) return undefined
  const path = posix.join(posix.dirname(from.file), specifier)
  if (path.startsWith('..')) return undefined
  const file = candidates(path, /\.d\.[cm]?ts$/.test(from.file)).find((one) => linker.files.has(one))
  return file === undefined ? undefined : moduleAt(linker, file)
}

/** What an exported name of a module stands for; undefined where it has none. */
export function lookup(linker: Linker, module: Module, name: string, depth = 0): Found | undefined {
  if (depth > limits.depth) return undefined
  const target = module.exports.get(name)
  if (target !== undefined) return follow(linker, module, target, depth + 1)
  if (name === wholeExport) return { kind: 'whole', module }
  for (const from of name === 'default' ? [] : module.stars) {
    const other = resolve(linker, module, from)
    const found = other === undefined ? undefined : lookup(linker, other, name, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** What a name means inside a module: one of its declarations, or what it imports. */
export function inScope(linker: Linker, module: Module, name: string, depth = 0): Found | undefined {
  const imported = module.imports.get(name)
  if (imported !== undefined) return follow(linker, module, imported, depth + 1)
  const nodes = module.declared.get(name)
  return nodes === undefined ? undefined : { kind: 'nodes', module, nodes, local: name }
}

/** What a type's name with a dot, or an `import('./x').Name`, stands for. */
export function elsewhere(linker: Linker, module: Module, node: t.Node): Found | undefined {
  if (node.type === 'TSImportType') {
    const argument = node.argument as t.Node
    const from = argument.type === 'TSLiteralType' ? argument.literal : argument
    const name = node.qualifier?.type === 'Identifier' ? node.qualifier.name : undefined
    if (from.type !== 'StringLiteral' || name === undefined) return undefined
    return follow(linker, module, { kind: 'from', from: from.value, name }, 0)
  }
  const [left, right] =
    node.type === 'TSQualifiedName'
      ? [node.left, node.right]
      : node.type === 'MemberExpression'
        ? [node.object, node.property]
        : []
  if (left?.type !== 'Identifier' || right?.type !== 'Identifier') return undefined
  const whole = inScope(linker, module, left.name)
  return whole?.kind === 'whole' ? lookup(linker, whole.module, right.name) : undefined
}

function follow(linker: Linker, module: Module, target: Target, depth: number): Found | undefined {
  if (depth > limits.depth) return undefined
  if (target.kind === 'local') return inScope(linker, module, target.name, depth + 1)
  if (target.kind === 'node') return { kind: 'nodes', module, nodes: [target.node] }
  const other = resolve(linker, module, target.from)
  if (other === undefined) return { kind: 'external', from: target.from }
  if (target.name === '*') return { kind: 'whole', module: other }
  const found = lookup(linker, other, target.name, depth + 1)
  if (found !== undefined || target.name !== 'default') return found
  return lookup(linker, other, wholeExport, depth + 1)
}

/** All names that leave a module, those of `export *` included; `default` is never passed on. */
export function exportedNames(linker: Linker, module: Module, seen = new Set<Module>()): readonly string[] {
  if (seen.has(module)) return []
  seen.add(module)
  const passed = module.stars.flatMap((from) => {
    const other = resolve(linker, module, from)
    if (other === undefined) return []
    return exportedNames(linker, other, seen).filter((name) => name !== 'default' && name !== wholeExport)
  })
  return [...new Set([...module.exports.keys(), ...passed])]
}

/** Other packages all of whose names leave the module. */
export function externalStars(linker: Linker, module: Module): readonly string[] {
  return module.stars.filter((from) => !from.startsWith('.') && resolve(linker, module, from) === undefined)
}
