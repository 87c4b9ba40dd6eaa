import type * as t from '@babel/types'

/** What an exported name stands for: something of the module itself, or of another. */
export type Target =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'node'; readonly node: t.Node }
  /** `name` is `*` for the whole module. */
  | { readonly kind: 'from'; readonly from: string; readonly name: string }

/** A source file's declarations by name, and what leaves it. */
export interface Module {
  readonly file: string
  readonly text: string
  readonly comments: readonly { readonly start: number; readonly end: number }[]
  readonly declared: Map<string, t.Node[]>
  readonly imports: Map<string, Target>
  /** By exported name; what `module.exports` and `export =` mean stands under `export =`. */
  readonly exports: Map<string, Target>
  /** Modules all of whose names leave this one. */
  readonly stars: string[]
  /** Members that are assigned to a declared name: `glob.sync = …`, `Glob.prototype.abort = …`. */
  readonly assigned: Map<string, Map<string, t.Node>>
  /** Of `declare module 'x'`, by x. */
  readonly ambient: Map<string, Module>
}

export const wholeExport = 'export ='

export function emptyModule(file: string, text: string, comments: Module['comments'] = []): Module {
  const maps = { declared: new Map(), imports: new Map(), exports: new Map(), assigned: new Map() }
  return { file, text, comments, ...maps, stars: [], ambient: new Map() }
}

/** What an expression in the place of a declaration stands for. */
export function exportExpression(module: Module, exported: string, node: t.Node): void {
  const target: Target =
    node.type === 'Identifier' ? { kind: 'local', name: node.name } : { kind: 'node', node }
  module.exports.set(exported, target)
}
