import { escapeRegExp } from '../../../contract/text.ts'
/** For npm a module's name after from, import or require; for Maven a Java package's beginning. */
export interface Imported {
  /** `name` for npm, `group:artifact` for Maven. */
  readonly package: string
  /** Java packages of the artifact; its group where empty. */
  readonly namespaces?: readonly string[]
}

/** A line that imports one of the modules, whole or a path below it. */
export function modulePattern(names: readonly string[]): RegExp {
  const any = names.map(escapeRegExp).join('|')
  return new RegExp(
    `(?:from|import|require\\(|import\\(|require\\.resolve\\()\\s*['"](?:${any})(?:/[^'"]*|\\.[cm]?js)?['"]`,
  )
}

export function importPattern({ package: name, namespaces = [] }: Imported): RegExp {
  const group = name.includes(':') ? name.split(':')[0] : undefined
  if (group === undefined) return modulePattern([name])
  const packages = (namespaces.length === 0 ? [group] : namespaces).map(escapeRegExp).join('|')
  return new RegExp(`^\\s*import\\s+(?:static\\s+)?(?:${packages})\\b`)
}

const word = /[A-Za-z_$][\w$]*/g
const notBound = new Set(
  'import from const let var require type as default static await export typeof'.split(' '),
)

/** Names that an import line binds; a Java import binds its last part. */
export function boundNames(line: string): readonly string[] {
  const java = /^\s*import\s+(?:static\s+)?[\w.]+\.(\w+)\s*;?\s*$/.exec(line)?.[1]
  if (java !== undefined) return [java]
  const declared = line.split(/\bfrom\b|=\s*(?:await\s+)?(?:require|import)\b/)[0] ?? ''
  return (declared.match(word) ?? []).filter((name) => !notBound.has(name))
}

/** The lines of an import that ends at `index`; the names stand in those just before the module's name. */
export function statementLines(lines: readonly string[], index: number): readonly number[] {
  let start = index
  while (
    start > 0 &&
    index - start < 20 &&
    !/^\s*(?:import|const|let|var|export|})\b/.test(lines[start] ?? '')
  )
    start -= 1
  return Array.from({ length: index - start + 1 }, (_, at) => start + at)
}

/** Takes the package as a whole: its default export, or what `require` gives. */
export function bindsWhole(statement: string): boolean {
  return /\bimport\s+(?:type\s+)?(?!type\b)[A-Za-z_$][\w$]*\s*(?:,|from)|\*\s+as\b|(?:const|let|var)\s+[A-Za-z_$][\w$]*\s*=\s*(?:require|await import)\b|^\s*(?:module\.)?exports|require\([^)]*\)\s*[.(]/.test(
    statement,
  )
}
