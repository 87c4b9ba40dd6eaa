import type { Tree } from '../ecosystems/ecosystem.ts'

/** A line of the repository that imports the package or uses what was imported. */
export interface CallSite {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly text: string
  /** Words of changed members that the line uses. */
  readonly uses?: readonly string[]
}

export interface CallSiteWish {
  /** `name` for npm, `group:artifact` for Maven. */
  readonly package: string
  /** Java packages of the artifact; its group where empty. */
  readonly namespaces?: readonly string[]
  /** Words of members that changed: their uses are looked for in every file that imports the package. */
  readonly changed?: readonly string[]
}

export interface CallSiteLimits {
  readonly files: number
  readonly fileBytes: number
  readonly sites: number
  readonly lineCharacters: number
}

const defaults: CallSiteLimits = { files: 3000, fileBytes: 256 * 1024, sites: 40, lineCharacters: 160 }

const source = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|java|kt|kts|groovy|scala)$/
const leftOut = /(?:^|\/)(?:node_modules|dist|build|out|coverage|vendor|target|\.[^/]+)\/|\.min\.js$|\.d\.ts$/

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** For npm a module's name after from, import or require; for Maven a Java package's beginning. */
function importPattern({ package: name, namespaces = [] }: CallSiteWish): RegExp {
  const group = name.includes(':') ? name.split(':')[0] : undefined
  if (group !== undefined) {
    const packages = (namespaces.length === 0 ? [group] : namespaces).map(escaped).join('|')
    return new RegExp(`^\\s*import\\s+(?:static\\s+)?(?:${packages})\\b`)
  }
  return new RegExp(`(?:from|import|require\\(|import\\()\\s*['"]${escaped(name)}(?:/[^'"]*)?['"]`)
}

const word = /[A-Za-z_$][\w$]*/g
const notBound = new Set([
  'import',
  'from',
  'const',
  'let',
  'var',
  'require',
  'type',
  'as',
  'default',
  'static',
  'await',
])

/** Names that an import line binds; a Java import binds its last part. */
function boundNames(line: string): string[] {
  const java = /^\s*import\s+(?:static\s+)?[\w.]+\.(\w+)\s*;?\s*$/.exec(line)?.[1]
  if (java !== undefined) return [java]
  const declared = line.split(/\bfrom\b|=\s*(?:await\s+)?(?:require|import)\b/)[0] ?? ''
  return (declared.match(word) ?? []).filter((name) => !notBound.has(name))
}

/** An import may stretch over lines; the names stand in those just before the module's name. */
function statement(lines: readonly string[], index: number): string {
  let start = index
  while (
    start > 0 &&
    index - start < 20 &&
    !/^\s*(?:import|const|let|var|export|})\b/.test(lines[start] ?? '')
  )
    start -= 1
  return lines.slice(start, index + 1).join(' ')
}

/** A single letter counts only where it is called or looked into. */
function usePattern(names: readonly string[]): RegExp {
  const parts = names.map((name) => (name.length === 1 ? `${escaped(name)}(?=[.([\`])` : escaped(name)))
  return new RegExp(`(?<![\\w$.])(?:${parts.join('|')})(?![\\w$])`)
}

/** Changed members as they are used: after a dot, called, or constructed; a name of a module in quotes. */
function changedPattern(words: readonly string[]): RegExp | undefined {
  const usable = words.filter((word) => word.length > 1).map(escaped)
  if (usable.length === 0) return undefined
  const any = usable.join('|')
  return new RegExp(
    `(?:[.#:]\\s*|\\bnew\\s+|\\bextends\\s+|\\bimplements\\s+|[{,]\\s*|@|['"])(${any})(?![\\w$])|(?<![\\w$.])(${any})(?=\\s*[(<.:])`,
    'g',
  )
}

function usesIn(line: string, changed: RegExp | undefined): readonly string[] {
  if (changed === undefined) return []
  return [...new Set([...line.matchAll(changed)].map((match) => match[1] ?? match[2] ?? ''))]
}

interface Patterns {
  readonly imports: RegExp
  readonly changed: RegExp | undefined
}

function sitesIn(path: string, text: string, patterns: Patterns, maxCharacters: number): CallSite[] {
  const { imports: pattern, changed } = patterns
  const lines = text.split(/\r?\n/)
  const imports = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  const names = [...new Set(imports.flatMap((index) => boundNames(statement(lines, index))))].slice(0, 30)
  const uses = names.length === 0 ? undefined : usePattern(names)
  if (imports.length === 0) return []
  return lines.flatMap((line, index): CallSite[] => {
    const used = usesIn(line, changed)
    if (!imports.includes(index) && used.length === 0 && uses?.test(line) !== true) return []
    const site = { path, line: index + 1, text: line.trim().slice(0, maxCharacters) }
    return [used.length === 0 ? site : { ...site, uses: used }]
  })
}

/**
 * Where the repository imports a package and uses what it imported, in the order of its paths; where not all can be
 * kept, uses of changed members come first, then imports of every file, then further uses.
 */
export async function findCallSites(
  tree: Tree,
  wish: CallSiteWish,
  limits: Partial<CallSiteLimits> = {},
): Promise<readonly CallSite[]> {
  const { files, fileBytes, sites, lineCharacters } = { ...defaults, ...limits }
  const pattern = importPattern(wish)
  const patterns = { imports: pattern, changed: changedPattern(wish.changed ?? []) }
  const found: CallSite[] = []
  const candidates = tree.paths.filter((path) => source.test(path) && !leftOut.test(path)).slice(0, files)
  for (const path of candidates) {
    const bytes = await tree.read(path)
    if (bytes === undefined || bytes.length > fileBytes || bytes.includes(0)) continue
    found.push(...sitesIn(path, bytes.toString('utf8'), patterns, lineCharacters))
  }
  if (found.length <= sites) return found
  const rank = (site: CallSite) => (site.uses !== undefined ? 0 : pattern.test(site.text) ? 1 : 2)
  const kept = new Set(found.toSorted((a, b) => rank(a) - rank(b)).slice(0, sites))
  return found.filter((site) => kept.has(site))
}
