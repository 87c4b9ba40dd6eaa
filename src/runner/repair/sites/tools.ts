import { escapeRegExp } from '../../../contract/text.ts'
import type { Tree } from '../../ecosystems/ecosystem.ts'
import type { Terms } from './terms.ts'

/** A line of a configuration file or a script that names a tool or is read by it. */
export interface ToolSite {
  readonly path: string
  readonly index: number
  readonly text: string
  readonly words: readonly string[]
}

const maxBytes = 64 * 1024
/** Lines of a configuration of which nothing is known but that the tool reads it. */
const wholeConfig = 8
const leftOut = /(?:^|\/)(?:node_modules|dist|build|out|coverage|vendor|target|\.git|\.github)\//
const scripts =
  /(?:^|\/)(?:package\.json|[^/]+\.(?:sh|bash|mk)|(?:GNU)?[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml)$|(?:^|\/)(?:\.husky|bin|scripts)\/[^/.]+$/

interface Tool {
  readonly package: string
  /** Commands that the package brings. */
  readonly commands: readonly string[]
}

/** Names that a tool's configuration files go by: `.mocharc.yml`, `jest.config.js`, `tsconfig.json`. */
function configPattern({ package: name, commands }: Tool): RegExp {
  const bare = name.replace(/^@[^/]+\//, '')
  const scope = /^@([^/]+)\/(?:core|cli)$/.exec(name)?.[1]
  const stems = new Set([
    bare,
    bare.replace(/-cli$|js$/, ''),
    ...commands,
    ...(scope === undefined ? [] : [scope]),
  ])
  const any = [...stems]
    .filter((one) => one.length > 1)
    .map(escapeRegExp)
    .join('|')
  const own = bare === 'typescript' ? '|[jt]sconfig[^/]*\\.json' : ''
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

/** Where a manifest's scripts stand, by index of their lines. */
function scriptLines(path: string, lines: readonly string[]): ReadonlySet<number> | undefined {
  if (!path.endsWith('package.json')) return undefined
  const start = lines.findIndex((line) => /"scripts"\s*:/.test(line))
  const end = lines.findIndex((line, at) => at >= start && /\}/.test(line))
  return new Set(start < 0 ? [] : lines.flatMap((_, at) => (at >= start && at <= end ? [at] : [])))
}

function quotedIn(line: string, terms: Terms): readonly string[] {
  return [...terms.quoted].filter((one) => line.includes(one))
}

function wordsOf(line: string, terms: Terms): readonly string[] {
  const words = line.match(/[A-Za-z_$][\w$]*/g) ?? []
  return words.filter((word) => terms.gone.has(word))
}

/** Configuration files of the tool, and scripts that call one of its commands. */
export async function toolSites(tree: Tree, tool: Tool, terms: Terms): Promise<readonly ToolSite[]> {
  const [config, command] = [configPattern(tool), commandPattern(tool.commands)]
  const sites: ToolSite[] = []
  for (const path of tree.paths) {
    if (leftOut.test(path)) continue
    const isConfig = tool.commands.length > 0 && config.test(path)
    if (!isConfig && !scripts.test(path)) continue
    const lines = await textLines(tree, path)
    sites.push(...(isConfig ? configSites(path, lines, terms) : commandSites(path, lines, command, terms)))
  }
  return sites
}

function configSites(path: string, lines: readonly string[], terms: Terms): readonly ToolSite[] {
  const all = lines.map((text, index) => {
    return { path, index, text, words: [...wordsOf(text, terms), ...quotedIn(text, terms)] }
  })
  const met = all.filter(({ words }) => words.length > 0)
  return met.length > 0 ? met : all.filter(({ text }) => /\w/.test(text)).slice(0, wholeConfig)
}

function commandSites(
  path: string,
  lines: readonly string[],
  command: RegExp | undefined,
  terms: Terms,
): readonly ToolSite[] {
  const inScripts = scriptLines(path, lines)
  return lines.flatMap((text, index): readonly ToolSite[] => {
    if (inScripts !== undefined && !inScripts.has(index)) return []
    const words = quotedIn(text, terms)
    return words.length > 0 || command?.test(text) === true ? [{ path, index, text, words }] : []
  })
}
