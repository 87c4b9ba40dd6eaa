import { escapeRegExp } from '../../../contract/text.ts'
import { wordsBound } from '../imports.ts'
import type { Imported } from '../language.ts'

/** A line that imports something of the artifact's Java packages. */
export function importPattern({ package: name, namespaces = [] }: Imported): RegExp {
  const group = name.split(':')[0] ?? ''
  const packages = (namespaces.length === 0 ? [group] : namespaces).map(escapeRegExp).join('|')
  return new RegExp(`^\\s*import\\s+(?:static\\s+)?(?:${packages})\\b`)
}

/** The last part of the name, of everything what is known of it. */
export function boundNames(line: string, known: readonly string[]): readonly string[] {
  const [, path = '', last] = /^\s*import\s+(?:static\s+)?([\w.]+)\.(\w+|\*)\s*;?\s*$/.exec(line) ?? []
  if (last === '*') return directlyIn(path, known)
  return last === undefined ? wordsBound(line) : [last]
}

/** First words below a Java package or class: `Matchers` of `org.lib.Matchers.any` in `org.lib`. */
function directlyIn(path: string, known: readonly string[]): readonly string[] {
  const below = known.filter((name) => name.startsWith(`${path}.`))
  return [...new Set(below.map((name) => name.slice(path.length + 1).split('.')[0] ?? ''))]
}
