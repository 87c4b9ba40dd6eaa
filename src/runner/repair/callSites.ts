import { escapeRegExp } from '../../contract/text.ts'
import type { Tree } from '../ecosystems/project.ts'
import { isBrought, isSource, isTest, languages, moduleOf } from '../languages/index.ts'
import type { Imported } from '../languages/language.ts'
import type { Met } from './sites/met.ts'
import { type SourceFile, sourceFile } from './sites/sourceFile.ts'
import { followersOf } from './sites/spread.ts'
import type { Terms } from './sites/terms.ts'
import { dataSites, directiveSites, type Tool, type ToolSite, toolSites } from './sites/tools.ts'
import { carriersOf, certainCarriersOf } from './sites/travel.ts'
import { type Knowledge, namesIn, patternsOf, type Use, usesIn, type Weight } from './sites/uses.ts'

/** A line of the repository that the update may ask to change. */
export interface CallSite {
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly text: string
  /** Words of changed members that the line uses. */
  readonly uses?: readonly string[]
}

export interface CallSiteWish extends Imported {
  readonly terms: Terms
  /** Commands that the package brings. */
  readonly commands?: readonly string[]
}

/** What was found: the lines that matter most, and what else there is. */
export interface CallSites {
  /** In the order of paths and lines. */
  readonly sites: readonly CallSite[]
  /** Lines of files that import it, or that have lines of those, which use the package and are not among them. */
  readonly more: number
  /** Files that import it and whose lines are all among those. */
  readonly cut: readonly string[]
  /** Files that import it and have no line that is worth telling. */
  readonly importers: readonly string[]
}

export const noCallSites: CallSites = { sites: [], more: 0, cut: [], importers: [] }

export interface CallSiteLimits {
  readonly files: number
  readonly fileBytes: number
  readonly sites: number
  readonly lineCharacters: number
}

const defaults: CallSiteLimits = { files: 3000, fileBytes: 256 * 1024, sites: 40, lineCharacters: 140 }

const leftOut = /(?:^|\/)(?:dist|build|out|coverage|vendor|target|\.[^/]+)\//

/** Of what only declares those files matter that add to the package. */
function declares(path: string): boolean {
  return languages.some((one) => one.declares?.test(path) === true)
}

async function sourceFiles(
  tree: Tree,
  wish: Imported,
  { files, fileBytes }: CallSiteLimits,
): Promise<readonly SourceFile[]> {
  const found: SourceFile[] = []
  const isOwn = (path: string) => isSource(path) && !leftOut.test(path) && !isBrought(path)
  const paths = tree.paths.filter(isOwn).slice(0, files)
  const modules = new Set(paths.map(moduleOf))
  for (const path of paths) {
    const bytes = await tree.read(path)
    if (bytes === undefined || bytes.length > fileBytes || bytes.includes(0)) continue
    const file = sourceFile(path, bytes.toString('utf8'), wish, modules)
    if (file.imports.length > 0 || !declares(path)) found.push(file)
  }
  return found
}

/** Whether any source file imports the package. */
export async function isImported(tree: Tree, wish: Imported): Promise<boolean> {
  return (await sourceFiles(tree, wish, defaults)).some(({ imports }) => imports.length > 0)
}

interface Found extends CallSite {
  readonly weight: Weight
}

/** Files that an importing one loads what it hands to the package from; what a test loads is what it tests. */
function feeding(files: readonly SourceFile[]): (file: SourceFile) => boolean {
  const importing = files.filter(({ imports, path }) => imports.length > 0 && !isTest(path))
  const loaded = new Set(importing.flatMap(({ links }) => links.takes.map(({ module }) => module)))
  return ({ path }) => loaded.has(moduleOf(path))
}

/** Lines that a failure quotes, unless what it quotes is all over the place. */
function quotedUses(files: readonly SourceFile[], { quoted }: Terms): readonly Found[] {
  return [...quoted].flatMap((one): readonly Found[] => {
    const found = files
      .filter(({ path }) => !isTest(path))
      .flatMap(({ path, lines }) =>
        lines.flatMap((text, at): readonly Found[] =>
          isQuoted(text, one) ? [{ path, line: at + 1, text, uses: [one], weight: 'gone' }] : [],
        ),
      )
    return found.length > 4 ? [] : found
  })
}

/** A text stands in quotes as it is; an option of a command also with what it is given: `--env.only=…`. */
function isQuoted(text: string, one: string): boolean {
  return ["'", '"', '`'].some((quote) => {
    const at = text.indexOf(`${quote}${one}`)
    if (at < 0) return false
    const after = text[at + one.length + 1] ?? ''
    return after === quote || (one.startsWith('--') && /[^\w-]/.test(after))
  })
}

function asFound({ path, lines }: SourceFile, { index, weight, words }: Use): Found {
  return {
    path,
    line: index + 1,
    text: lines[index] ?? '',
    weight,
    ...(words.length === 0 ? {} : { uses: words }),
  }
}

/** One entry a line, the one that weighs most. */
function unique(all: readonly Found[]): readonly Found[] {
  const byLine = new Map<string, Found>()
  for (const one of all.toSorted((a, b) => rank(b) - rank(a))) byLine.set(`${one.path}:${one.line}`, one)
  return [...byLine.values()].sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
}

const ranks: Readonly<Record<Weight, number>> = { gone: 0, changed: 1, use: 2, import: 3 }

function rank({ weight }: Found): number {
  return ranks[weight]
}

/** Whatever a failing line calls a changed member on is the package's, wherever it came from. */
function withHeld(files: readonly SourceFile[], { frames, gone, changed }: Terms): readonly SourceFile[] {
  const members = new Set([...gone, ...changed])
  return files.map((file) => {
    const held = frames.flatMap((frame) => {
      if (!frame.startsWith(`${file.path}:`) || isTest(file.path)) return []
      const line = file.lines[Number(frame.slice(file.path.length + 1)) - 1] ?? ''
      return [...line.matchAll(/(?<![\w$.])([\w$]+)\??\.([\w$]+)\(/g)]
        .filter(([, name = '', member = '']) => members.has(member) && name !== 'this')
        .map(([, name = '']) => name)
    })
    return held.length === 0 ? file : { ...file, held }
  })
}

/** Lines of source code that meet what changed, and those that follow them. */
function codeSites(files: readonly SourceFile[], terms: Terms): readonly Found[] {
  return sitesKnowing(files, terms, { carriers: carriersOf(files), fed: feeding(files) })
}

/** The same where the file itself imports the package, without words and texts that may be anything's. */
function certainSites(all: readonly SourceFile[], terms: Terms): readonly Found[] {
  const files = all.filter(({ imports }) => imports.length > 0)
  const gone = new Set([...terms.gone].filter((word) => !terms.words.has(word)))
  const certain = { ...terms, gone, values: new Set<string>(), strings: new Set<string>() }
  const known = { carriers: certainCarriersOf(files), fed: () => false, certain: true } as const
  return sitesKnowing(files, certain, known)
}

function sitesKnowing(files: readonly SourceFile[], terms: Terms, known: Knowledge): readonly Found[] {
  const patterns = patternsOf(terms)
  const met = files.map((file): Met => {
    return { file, names: namesIn(file, known.carriers), uses: usesIn(file, terms, patterns, known) }
  })
  const byPath = new Map(files.map((file) => [file.path, file]))
  return [
    ...met.flatMap(({ file, uses }) => uses.map((use) => asFound(file, use))),
    ...followersOf(met, terms).flatMap(({ path, ...use }) => {
      const file = byPath.get(path)
      return file === undefined ? [] : [asFound(file, use)]
    }),
  ]
}

async function ofTools(
  tree: Tree,
  tool: Tool,
  files: readonly SourceFile[],
  terms: Terms,
): Promise<readonly Found[]> {
  const sites: readonly ToolSite[] = [
    ...(await toolSites(tree, tool, terms)),
    ...(await dataSites(tree, files, terms)),
    ...(await directiveSites(tree, tool, files, terms)),
  ]
  return sites.map(({ path, index, text, words, onlyNames }): Found => {
    const weight = onlyNames === true ? 'use' : 'gone'
    return { path, line: index + 1, text, ...(words.length === 0 ? {} : { uses: words }), weight }
  })
}

/** Files of the repository's own that failures lead through; what a failing test loads where they lead through none. */
function touchedBy(files: readonly SourceFile[], { places, frames }: Terms): ReadonlySet<string> {
  const named = new Set([...places, ...frames].map((place) => place.replace(/:\d+$/, '')))
  const met = files.filter(({ path }) => [...named].some((one) => path === one || path.endsWith(`/${one}`)))
  const own = met.filter(({ path }) => !isTest(path))
  if (own.length > 0) return new Set(own.map(({ path }) => path))
  const loaded = new Set(met.flatMap(({ links }) => links.takes.map(({ module }) => module)))
  return new Set(files.filter(({ path }) => loaded.has(moduleOf(path))).map(({ path }) => path))
}

/**
 * What is worth its room: what has to change and what is different; where failures lead through nothing that is known
 * to be gone, what may have to there; all of that where nothing differs, unless a compiler said it line by line; tests
 * only for what is gone.
 */
function worthTelling(
  all: readonly Found[],
  { compiled }: Terms,
  touched: ReadonlySet<string>,
): readonly Found[] {
  const own = all.filter(({ path }) => !isTest(path))
  const sure = all.filter(({ weight }) => weight === 'gone')
  const likely = own.filter(({ weight }) => weight === 'changed')
  const known = [...sure, ...likely]
  if (compiled && known.length === 0) return []
  const used = own.filter(({ weight }) => weight === 'use')
  if (known.length > 0) {
    const told = new Set(known.map(({ path }) => path))
    const met = [...touched].some((path) => told.has(path))
    const isUntold = ({ path }: Found) => touched.has(path) && !told.has(path)
    return compiled || (met && sure.length > 0) ? known : [...known, ...used.filter(isUntold)]
  }
  return used.length > 0 ? used : all.filter(({ weight }) => weight !== 'changed')
}

/** What `require` gives, and not the default that lies in it. */
const bindsRequired = /\brequire\([^)]*\)(?!\s*\.default\b)/

/** Lines of code, without those of tests, that use what a release has no longer; by its interface alone, whatever fails. */
export async function usesOfGone(tree: Tree, wish: CallSiteWish): Promise<readonly CallSite[]> {
  const { terms } = wish
  const files = await sourceFiles(tree, { ...wish, known: terms.names }, defaults)
  // Where `require` gives something else now, that its default is called as before helps only who changes that line.
  const required = terms.esm
    ? files.filter(({ lines, imports }) => imports.some((at) => bindsRequired.test(lines[at] ?? '')))
    : []
  const bound = new Map(files.map((file) => [file.path, [...file.bound]]))
  return unique([...certainSites(files, terms), ...certainSites(required, { ...terms, callable: false })])
    .filter(({ weight, path }) => weight === 'gone' && !isTest(path))
    .slice(0, defaults.sites)
    .map((site) => ({ uses: namesOn(site, bound.get(site.path) ?? []), ...told(site, defaults) }))
}

/** The package's own names that a line has. */
function namesOn({ text }: Found, names: readonly string[]): readonly string[] {
  return names.filter((name) => new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`).test(text))
}

function told({ weight: _, text, ...site }: Found, { lineCharacters }: CallSiteLimits): CallSite {
  return { ...site, text: text.trim().slice(0, lineCharacters) }
}

/**
 * Where the repository meets an update: uses of what is gone or different, wherever what the package gives has
 * travelled to, imports that no longer load, configuration and scripts of its commands, and what failures quote.
 */
export async function findCallSites(
  tree: Tree,
  wish: CallSiteWish,
  limits: Partial<CallSiteLimits> = {},
): Promise<CallSites> {
  const all = { ...defaults, ...limits }
  const files = withHeld(await sourceFiles(tree, { ...wish, known: wish.terms.names }, all), wish.terms)
  const tool = { package: wish.package, commands: wish.commands ?? [] }
  const found = unique([
    ...codeSites(files, wish.terms),
    ...quotedUses(files, wish.terms),
    ...(await ofTools(tree, tool, files, wish.terms)),
  ])
  const worth = worthTelling(found, wish.terms, touchedBy(files, wish.terms))
  const importing = new Set(files.filter(({ imports }) => imports.length > 0).map(({ path }) => path))
  const kept = new Set(byCertainty(worth, importing).slice(0, all.sites))
  const [shown, met] = [pathsOf([...kept]), pathsOf(worth)]
  const isLeft = (one: Found) => !kept.has(one) && one.weight !== 'import'
  return {
    sites: found.filter((one) => kept.has(one)).map((site) => told(site, all)),
    more: found.filter((one) => isLeft(one) && (met.has(one.path) || importing.has(one.path))).length,
    cut: [...importing].filter((path) => met.has(path) && !shown.has(path)),
    importers: [...importing].filter((path) => !met.has(path)),
  }
}

/** Direct uses before those that something travelled to, code before its tests. */
function byCertainty(all: readonly Found[], importing: ReadonlySet<string>): readonly Found[] {
  const far = ({ path }: Found) => (importing.has(path) ? 0 : 1)
  const inTest = ({ path }: Found) => (isTest(path) ? 1 : 0)
  return all.toSorted((a, b) => far(a) - far(b) || inTest(a) - inTest(b) || rank(a) - rank(b))
}

function pathsOf(all: readonly Found[]): ReadonlySet<string> {
  return new Set(all.map(({ path }) => path))
}
