import { posix } from 'node:path'
import { ecosystems, lockfileNames } from '../../../contract/ecosystems/index.ts'
import { escapeRegExp } from '../../../contract/text.ts'
import type { Tree } from '../../ecosystems/project.ts'
import { isBrought, languages } from '../../languages/index.ts'
import { directivePattern, hostOf } from './directives.ts'
import type { SourceFile } from './sourceFile.ts'
import type { Terms } from './terms.ts'

/** A line of a configuration file, a script or a comment that names a tool or is read by it. */
export interface ToolSite {
  readonly path: string
  readonly index: number
  readonly text: string
  readonly words: readonly string[]
  /** It names the tool, and nothing of what is known to have changed. */
  readonly onlyNames?: true
}

interface TextFile {
  readonly path: string
  readonly lines: readonly string[]
}

const maxBytes = 64 * 1024
const maxOthers = 500
/** Lines of a configuration of which nothing is known but that the tool reads it. */
const wholeConfig = 8
const generated = /(?:^|\/)(?:dist|build|out|coverage|vendor|target|\.git)\//
const withCommands =
  /(?:^|\/)(?:[^/]+\.(?:sh|bash|mk)|(?:GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml|Dockerfile|\.gitlab-ci\.yml)$|(?:^|\/)(?:\.husky|bin|scripts)\/[^/.]+$|^\.github\/workflows\/[^/]+\.ya?ml$|^\.circleci\/config\.yml$/
const data = /\.(?:json[c5]?|ya?ml|toml)$/
/** Manifests that have commands of their own, and the key where they stand. */
const scripted = ecosystems.flatMap(({ manifest, scripts: key }) =>
  key === undefined ? [] : [{ manifest, key }],
)

function leftOut(path: string): boolean {
  return generated.test(path) || isBrought(path)
}

/** Manifests and lock files are no data of the repository's own. */
function isOfPackages(path: string): boolean {
  const name = posix.basename(path)
  return lockfileNames.includes(name) || scripted.some(({ manifest }) => manifest === name)
}

export interface Tool {
  readonly package: string
  /** Commands that the package brings. */
  readonly commands: readonly string[]
}

/** Names that a tool goes by in the names of its files. */
function stemsOf({ package: name, commands }: Tool): readonly string[] {
  const bare = name.replace(/^@[^/]+\//, '')
  const scope = /^@([^/]+)\/(?:core|cli)$/.exec(name)?.[1]
  const all = [bare, bare.replace(/-cli$|js$/, ''), ...commands, ...(scope === undefined ? [] : [scope])]
  return [...new Set(all)].filter((one) => one.length > 1)
}

/** A tool's configuration files: `.mocharc.yml`, `jest.config.js`, `tsconfig.json`. */
function configPattern(stems: readonly string[], name: string): RegExp {
  const any = stems.map(escapeRegExp).join('|')
  const named = languages.flatMap(({ configs }) => configs?.[name] ?? [])
  const own = named.map((one) => `|${one}`).join('')
  return new RegExp(
    `(?:^|/)(?:\\.(?:${any})rc(?:\\.\\w+)?|\\.?(?:${any})\\.config\\.\\w+|\\.?(?:${any})\\.(?:json|ya?ml|opts|toml)${own})$`,
  )
}

function commandPattern(commands: readonly string[]): RegExp | undefined {
  if (commands.length === 0) return undefined
  return new RegExp(`(?:^|["'\\s;&|(/])(?:${commands.map(escapeRegExp).join('|')})(?=$|["'\\s;&|)])`)
}

async function textLines(tree: Tree, path: string): Promise<readonly string[]> {
  const bytes = await tree.read(path)
  if (bytes === undefined || bytes.length > maxBytes || bytes.includes(0)) return []
  return bytes.toString('utf8').split(/\r?\n/)
}

/** Where an entry of a manifest stands, by index of its lines. */
function entryLines(lines: readonly string[], names: readonly string[]): ReadonlySet<number> {
  const key = new RegExp(`^(\\s*)"(?:${names.map(escapeRegExp).join('|')})"\\s*:`)
  const start = lines.findIndex((line) => key.test(line))
  const indent = key.exec(lines[start] ?? '')?.[1] ?? ''
  const ends = (line: string) =>
    /\}/.test(line) && (line.startsWith(`${indent}}`) || !line.trim().startsWith('}'))
  const end = lines.findIndex((line, at) => at >= start && ends(line))
  return new Set(start < 0 ? [] : lines.flatMap((_, at) => (at >= start && at <= end ? [at] : [])))
}

function quotedIn(line: string, terms: Terms): readonly string[] {
  return [...terms.quoted].filter((one) => line.includes(one))
}

function wordsOf(line: string, words: ReadonlySet<string>): readonly string[] {
  return (line.match(/[A-Za-z_$][\w$]*/g) ?? []).filter((word) => words.has(word))
}

/** What is gone, and what failures quote. */
function goneOrQuoted(line: string, terms: Terms): readonly string[] {
  return [...wordsOf(line, terms.gone), ...quotedIn(line, terms)]
}

/** Keys of a line of configuration: `relax: true`, `"relax": true`, `relax = true`. */
function keysOf(line: string, words: ReadonlySet<string>): readonly string[] {
  return [...line.matchAll(/(?:^|[{,\s])["']?([A-Za-z_$][\w$-]*)["']?\s*[:=](?!=)/g)]
    .map(([, key = '']) => key)
    .filter((key) => words.has(key))
}

function configSites(
  path: string,
  lines: readonly string[],
  terms: Terms,
  whole: boolean,
): readonly ToolSite[] {
  const met = (keys: ReadonlySet<string>) =>
    lines.flatMap((text, index): readonly ToolSite[] => {
      const words = [...wordsOf(text, terms.gone), ...keysOf(text, keys), ...quotedIn(text, terms)]
      return words.length > 0 ? [{ path, index, text, words }] : []
    })
  const sure = met(terms.old)
  if (sure.length > 0) return sure
  const likely = met(terms.changed)
  if (likely.length > 0 || !whole) return likely
  return lines
    .map((text, index): ToolSite => ({ path, index, text, words: [] }))
    .filter(({ text }) => /\w/.test(text))
    .slice(0, wholeConfig)
}

function commandSites(
  path: string,
  lines: readonly string[],
  command: RegExp | undefined,
  terms: Terms,
): readonly ToolSite[] {
  const own = scripted.find(({ manifest }) => path.endsWith(manifest))
  const inScripts = own === undefined ? undefined : entryLines(lines, [own.key])
  return lines.flatMap((text, index): readonly ToolSite[] => {
    if (inScripts !== undefined && !inScripts.has(index)) return []
    const words = quotedIn(text, terms)
    return words.length > 0 || command?.test(text) === true ? [{ path, index, text, words }] : []
  })
}

/** What a manifest holds for the tool beside its scripts. */
function manifestSites(path: string, lines: readonly string[], stems: readonly string[], terms: Terms) {
  const inside = entryLines(lines, [...stems, ...stems.map((stem) => `${stem}Config`)])
  if (inside.size === 0) return []
  return configSites(path, lines, terms, false).filter(({ index }) => inside.has(index))
}

/** Lines of another tool's configuration that name the package: a plugin's own rules and settings. */
function pluginSites(
  path: string,
  lines: readonly string[],
  names: RegExp,
  terms: Terms,
): readonly ToolSite[] {
  const all = lines.flatMap((text, index): readonly ToolSite[] => {
    if (!names.test(text)) return []
    return [{ path, index, text, words: goneOrQuoted(text, terms) }]
  })
  const met = all.filter(({ words }) => words.length > 0)
  return met.length > 0 ? met : all
}

/** Configuration files of the tool, or of the one that it is part of, and scripts that call one of its commands. */
export async function toolSites(tree: Tree, tool: Tool, terms: Terms): Promise<readonly ToolSite[]> {
  const stems = stemsOf(tool)
  const [config, command] = [configPattern(stems, tool.package), commandPattern(tool.commands)]
  const host = hostOf(tool.package)
  const hosts =
    host === undefined ? undefined : configPattern(stemsOf({ package: host.tool, commands: [] }), '')
  const named = new RegExp(
    `["'\\s](?:${[tool.package, host?.short ?? ''].filter(Boolean).map(escapeRegExp).join('|')})(?:["'/]|$)`,
  )
  const sites: ToolSite[] = []
  for (const path of tree.paths) {
    if (leftOut(path)) continue
    const [isConfig, isHosts] = [config.test(path), hosts?.test(path) === true]
    const isManifest = scripted.some(({ manifest }) => posix.basename(path) === manifest)
    if (!isConfig && !isHosts && !isManifest && !withCommands.test(path)) continue
    const lines = await textLines(tree, path)
    if (isConfig) sites.push(...configSites(path, lines, terms, tool.commands.length > 0))
    else if (isHosts) sites.push(...pluginSites(path, lines, named, terms))
    else sites.push(...commandSites(path, lines, command, terms))
    if (scripted.some(({ manifest }) => path.endsWith(manifest)))
      sites.push(...manifestSites(path, lines, stems, terms))
  }
  return sites
}

/** Keys of data files that a file with the package names: `readFileSync('config/parse.json')`. */
export async function dataSites(
  tree: Tree,
  files: readonly SourceFile[],
  terms: Terms,
): Promise<readonly ToolSite[]> {
  const named = files
    .filter(({ imports }) => imports.length > 0)
    .flatMap(({ lines }) =>
      lines.flatMap((line) => [...line.matchAll(/['"`](?:\.{1,2}\/)*([^'"`\s]+\.\w+)['"`]/g)]),
    )
    .map(([, path = '']) => path)
  const tails = [...new Set(named)].filter((path) => data.test(path))
  if (tails.length === 0) return []
  const words = new Set([...terms.gone, ...terms.changed])
  const sites: ToolSite[] = []
  for (const path of tree.paths) {
    if (leftOut(path) || isOfPackages(path)) continue
    if (!tails.some((tail) => path === tail || path.endsWith(`/${tail}`))) continue
    const lines = await textLines(tree, path)
    sites.push(
      ...lines.flatMap((text, index): readonly ToolSite[] => {
        const keys = keysOf(text, words)
        return keys.length > 0 ? [{ path, index, text, words: keys }] : []
      }),
    )
  }
  return sites
}

/** Files that are no source code and may speak to a tool in a comment. */
const withComments = /\.(?:css|scss|sass|less|mdx?|html?|hbs|ya?ml|toml|graphql)$/

/** Comments that speak to the tool: of what is gone, or at all. */
export async function directiveSites(
  tree: Tree,
  tool: Tool,
  files: readonly TextFile[],
  terms: Terms,
): Promise<readonly ToolSite[]> {
  const directive = directivePattern(tool.package, tool.commands)
  const isTool = tool.commands.length > 0 || hostOf(tool.package) !== undefined
  const others = tree.paths.filter((path) => isTool && withComments.test(path) && !leftOut(path))
  const all = [...files]
  for (const path of others.slice(0, maxOthers)) all.push({ path, lines: await textLines(tree, path) })
  return all.flatMap(({ path, lines }) =>
    lines.flatMap((text, index): readonly ToolSite[] => {
      if (!/\/[/*]|<!--|#|^\s*\*/.test(text) || text.length > 500 || !directive.test(text)) return []
      const words = goneOrQuoted(text, terms)
      return [{ path, index, text, words, ...(words.length === 0 ? { onlyNames: true } : {}) }]
    }),
  )
}
