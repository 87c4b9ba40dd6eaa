import { escapeRegExp } from '../../../contract/text.ts'
/** For npm a module's name after from, import or require; for Maven a Java package's beginning. */
export interface Imported {
  /** `name` for npm, `group:artifact` for Maven. */
  readonly package: string
  /** Java packages of the artifact; its group where empty. */
  readonly namespaces?: readonly string[]
  /** Whole names of what changed, for imports of everything that a Java package or class has. */
  readonly known?: readonly string[]
}

const loads = '(?:require|import|require\\.resolve|(?:jest|vi)\\.\\w+|mock\\.module)\\('
const loaded = `(?:from|import|declare module|reference types=|${loads}(?:\\s*/\\*.*?\\*/)?)\\s*`

/** A line that loads one of the modules, whole or a path below it, or puts something in its place. */
export function modulePattern(names: readonly string[]): RegExp {
  const any = names.map(escapeRegExp).join('|')
  return new RegExp(`${loaded}['"\`](?:${any})(?:/[^'"\`]*|\\.[cm]?js)?['"\`]`)
}

/** The names of a package whose module a file holds in a variable: `const name = 'lib'`. */
function constants(text: string, name: string): readonly string[] {
  if (!text.includes(name)) return []
  const named = new RegExp(
    `(?:const|let|var)\\s+([\\w$]+)[^=\\n]*=\\s*['"\`]${escapeRegExp(name)}(?:/[^'"\`]*)?['"\`]`,
    'g',
  )
  return [...text.matchAll(named)].map(([, found = '']) => found)
}

/** The package whose types another one holds: `react` of `@types/react`, `@a/b` of `@types/a__b`. */
function typedPackage(name: string): string | undefined {
  return /^@types\/(.+)$/.exec(name)?.[1]?.replace(/^(.+)__(.+)$/, '@$1/$2')
}

/** A line of a text that imports the package. */
export function importPattern({ package: name, namespaces = [] }: Imported, text = ''): RegExp {
  const group = name.includes(':') ? name.split(':')[0] : undefined
  if (group === undefined) {
    const own = typedPackage(name) ?? name
    const held = constants(text, own)
    const byName = modulePattern([own])
    if (held.length === 0) return byName
    return new RegExp(`${byName.source}|${loads}\\s*(?:${held.map(escapeRegExp).join('|')})\\s*\\)`)
  }
  const packages = (namespaces.length === 0 ? [group] : namespaces).map(escapeRegExp).join('|')
  return new RegExp(`^\\s*import\\s+(?:static\\s+)?(?:${packages})\\b`)
}

/** What a test runner gives to every test without an import. */
const givenByRunner: Readonly<Record<string, readonly string[]>> = {
  jest: ['jest', 'expect'],
  vitest: ['vi', 'expect'],
  jasmine: ['jasmine', 'expect', 'spyOn'],
  mocha: ['mocha'],
  chai: ['chai'],
}

/** Names that a file has of the package as globals. */
export function globalsIn(name: string, text: string): readonly string[] {
  return (givenByRunner[name] ?? []).filter((one) => text.includes(`${one}.`) || text.includes(`${one}(`))
}

const word = /[A-Za-z_$][\w$]*/g
const notBound = new Set(
  'import from const let var require type as default static await export typeof'.split(' '),
)
const binds = /^\s*(?:import|export|const|let|var)\b|^\s*\}/

/** Names that an import line binds; a Java import binds its last part, one of everything what is known of it. */
export function boundNames(line: string, known: readonly string[] = []): readonly string[] {
  const [, path = '', last] = /^\s*import\s+(?:static\s+)?([\w.]+)\.(\w+|\*)\s*;?\s*$/.exec(line) ?? []
  if (last === '*') return directlyIn(path, known)
  if (last !== undefined) return [last]
  if (!binds.test(line)) return []
  const declared = line.split(/\bfrom\b|=\s*(?:await\s+)?(?:require|import)\b/)[0] ?? ''
  return (declared.match(word) ?? []).filter((name) => !notBound.has(name))
}

/** First words below a Java package or class: `Matchers` of `org.lib.Matchers.any` in `org.lib`. */
function directlyIn(path: string, known: readonly string[]): readonly string[] {
  const below = known.filter((name) => name.startsWith(`${path}.`))
  return [...new Set(below.map((name) => name.slice(path.length + 1).split('.')[0] ?? ''))]
}

const renamed = /([A-Za-z_$][\w$]*)\s*(?:\bas\b|:)\s*([A-Za-z_$][\w$]*)(?=\s*[,}=])/g

/** Names that braces give to others: `{ parse as read }`, `{ parse: read }`; by the new name. */
export function renames(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(renamed)].map(([, from = '', to = '']) => [to, from]))
}

/** The lines of an import that ends at `index`; the names stand in those just before the module's name. */
export function statementLines(lines: readonly string[], index: number): readonly number[] {
  let start = index
  // What does not begin with the end of a list of names stands by itself.
  const goesUp = /^\s*\}|^\s*[\w$\s,]*\bfrom\b|^\s*(?:await\s+)?(?:require|import)\(/
  if (!goesUp.test(lines[index] ?? '') || /^\s*(?:import|export)\b/.test(lines[index] ?? '')) return [index]
  while (start > 0 && index - start < 20 && !/^\s*(?:import|const|let|var|export)\b/.test(lines[start] ?? ''))
    start -= 1
  return Array.from({ length: index - start + 1 }, (_, at) => start + at)
}

/** Takes the package as a whole: its default export, or what `require` gives. */
export function bindsWhole(statement: string): boolean {
  return /\bimport\s+(?:type\s+)?(?!type\b)[A-Za-z_$][\w$]*\s*(?:,|from)|\*\s+as\b|(?:const|let|var)\s+[A-Za-z_$][\w$]*\s*=\s*(?:require|await import)\b|^\s*(?:module\.)?exports|require\([^)]*\)\s*[.(]/.test(
    statement,
  )
}
