import { isTest, languageOfFile, languageOfPackage } from '../../languages/index.ts'
import type { Imported, Links } from '../../languages/language.ts'
import { renames, statementLines } from './imports.ts'
import { type OpenAt, openingsOf } from './openings.ts'

const noLinks: Links = { takes: [], gives: () => new Map() }

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
  const language = languageOfPackage(wish.package)
  const pattern = language.importPattern(wish, text)
  const imports = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  const statements = imports.map((at) => statementAt(lines, at))
  const bound = statements
    .flatMap((statement) => language.boundNames(statement, wish.known ?? []))
    .slice(0, 60)
  let open: OpenAt | undefined
  const openAt: OpenAt = (line, column) => {
    open ??= openingsOf(lines)
    return open(line, column)
  }
  const renamed = renames(statements.join('\n'))
  const links = languageOfFile(path)?.linksOf?.(path, text, modules) ?? noLinks
  const global = (isTest(path) ? language.globalsIn?.(wish.package, text) : undefined) ?? []
  return { path, lines, imports, bound: new Set([...bound, ...global]), renamed, links, openAt }
}

/** The import that ends at a line, in one. */
export function statementAt(lines: readonly string[], index: number): string {
  return statementLines(lines, index)
    .map((line) => lines[line])
    .join(' ')
}
