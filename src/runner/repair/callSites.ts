import type { Tree } from '../ecosystems/ecosystem.ts'

/** A line of the repository that imports the package or uses what was imported. */
export interface CallSite {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly text: string
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

/** For npm a module's name after from, import or require; for Maven the group as a package's beginning. */
function importPattern(name: string): RegExp {
  const group = name.includes(':') ? name.split(':')[0] : undefined
  if (group !== undefined) return new RegExp(`^\\s*import\\s+(?:static\\s+)?${escaped(group)}\\b`)
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

function sitesIn(path: string, text: string, pattern: RegExp, maxCharacters: number): CallSite[] {
  const lines = text.split(/\r?\n/)
  const imports = lines.flatMap((line, index) => (pattern.test(line) ? [index] : []))
  const names = [...new Set(imports.flatMap((index) => boundNames(statement(lines, index))))].slice(0, 30)
  const uses = names.length === 0 ? undefined : usePattern(names)
  const wanted = (line: string, index: number) =>
    imports.includes(index) || (imports.length > 0 && uses?.test(line))
  return lines.flatMap((line, index) =>
    wanted(line, index) ? [{ path, line: index + 1, text: line.trim().slice(0, maxCharacters) }] : [],
  )
}

/**
 * Where the repository imports a package and uses what it imported, in the order of its paths; imports of every file
 * come before further uses where not all can be kept.
 */
export async function findCallSites(
  tree: Tree,
  packageName: string,
  limits: Partial<CallSiteLimits> = {},
): Promise<readonly CallSite[]> {
  const { files, fileBytes, sites, lineCharacters } = { ...defaults, ...limits }
  const pattern = importPattern(packageName)
  const found: CallSite[] = []
  const candidates = tree.paths.filter((path) => source.test(path) && !leftOut.test(path)).slice(0, files)
  for (const path of candidates) {
    const bytes = await tree.read(path)
    if (bytes === undefined || bytes.length > fileBytes || bytes.includes(0)) continue
    found.push(...sitesIn(path, bytes.toString('utf8'), pattern, lineCharacters))
  }
  if (found.length <= sites) return found
  const imports = found.filter((site) => pattern.test(site.text))
  const uses = found.filter((site) => !pattern.test(site.text))
  const kept = new Set([...imports, ...uses].slice(0, sites))
  return found.filter((site) => kept.has(site))
}
