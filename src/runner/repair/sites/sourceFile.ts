import { boundNames, globalsIn, type Imported, importPattern, renames, statementLines } from './imports.ts'
import { type Links, linksOf } from './modules.ts'
import { type OpenAt, openingsOf } from './openings.ts'

export const isTest =
  /(?:^|\/)(?:tests?|spec|__tests__|src\/test)\/|\.(?:test|spec)\.\w+$|(?:Test|Tests|IT)\.\w+$/

/** A source file in lines, with what it binds of the package. */
export interface SourceFile {
  readonly path: string
  readonly lines: readonly string[]
  /** Indices of lines that import the package. */
  readonly imports: readonly number[]
  readonly bound: ReadonlySet<string>
  /** What a failing line calls a known member on. */
  readonly held?: readonly string[]
  /** Other names that they have here, and what the package calls them. */
  readonly renamed: ReadonlyMap<string, string>
  readonly links: Links
  readonly openAt: OpenAt
}

export function sourceFile(
  path: string,
  text: string,
  wish: Imported,
  modules: ReadonlySet<string> = new Set(),
): SourceFile {
  const lines = text.split(/\r?\n/)
  const pattern = importPattern(wish, text)
  const imports = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  const statements = imports.map((at) => statementAt(lines, at))
  const bound = statements.flatMap((statement) => boundNames(statement, wish.known)).slice(0, 60)
  let open: OpenAt | undefined
  const openAt: OpenAt = (line, column) => {
    open ??= openingsOf(lines)
    return open(line, column)
  }
  const renamed = renames(statements.join('\n'))
  const links = linksOf(path, text, modules)
  const global = isTest.test(path) ? globalsIn(wish.package, text) : []
  return { path, lines, imports, bound: new Set([...bound, ...global]), renamed, links, openAt }
}

/** The import that ends at a line, in one. */
export function statementAt(lines: readonly string[], index: number): string {
  return statementLines(lines, index)
    .map((line) => lines[line])
    .join(' ')
}
