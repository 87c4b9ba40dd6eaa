import { z } from 'zod'
import { isRecord, recordOf } from '../../../../contract/json.ts'
import { candidates } from './link.ts'
import type { PackageFiles } from './tarball.ts'

const text = z.string().optional().catch(undefined)
const texts = z.record(z.string(), z.string()).optional().catch(undefined)

/** What a published `package.json` says of how it is used; what is malformed is as if it were not there. */
export const PublishedManifest = z.object({
  name: z.string().catch(''),
  version: text,
  type: text,
  main: text,
  module: text,
  types: text,
  typings: text,
  exports: z.unknown().optional(),
  engines: texts,
  dependencies: texts,
  peerDependencies: texts,
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
})
export type PublishedManifest = z.infer<typeof PublishedManifest>

export function manifestOf(files: PackageFiles): PublishedManifest {
  try {
    return PublishedManifest.parse(JSON.parse(files.get('package.json') ?? '{}'))
  } catch {
    return PublishedManifest.parse({})
  }
}

/** One way into a package: `.` or a subpath, and the files it leads to. */
export interface Entry {
  readonly subpath: string
  readonly declarations: string | undefined
  readonly javascript: string | undefined
  /** What `require` gives, where that is another file. */
  readonly required?: string | undefined
  /** The same for bundlers: what is read where the other file only chooses between ones that are left out. */
  readonly bundled?: string | undefined
}

type Json = Readonly<Record<string, unknown>>

/** The target that the first of the wanted conditions leads to, in the order in which the package has them. */
function condition(value: unknown, wanted: readonly string[], depth = 0): string | undefined {
  if (typeof value === 'string') return value
  if (depth > 8) return undefined
  if (Array.isArray(value)) {
    return value.map((one) => condition(one, wanted, depth + 1)).find((one) => one !== undefined)
  }
  for (const [name, target] of Object.entries(recordOf(value))) {
    if (!wanted.includes(name)) continue
    const found = condition(target, wanted, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

const base = ['node', 'module-sync', 'default'] as const
const importing = ['import', ...base]
const requiring = ['require', ...base]

function existing(
  files: PackageFiles,
  target: string | undefined,
  declarations: boolean,
): string | undefined {
  if (target === undefined) return undefined
  return candidates(target, declarations).find((path) => files.has(path))
}

function exportedEntry(files: PackageFiles, subpath: string, value: unknown): Entry {
  const sides = [importing, requiring]
  const typed = sides
    .map((side) => condition(value, ['types', 'typings', ...side]))
    .filter((one) => one !== undefined)
  const plain = sides.map((side) => condition(value, side)).find((one) => one !== undefined)
  // What `require` gives, where it gives anything: its default is the whole.
  const required = existing(files, condition(value, requiring), false)
  const declarations = [...typed, plain]
    .map((one) => existing(files, one, true))
    .find((one) => one !== undefined)
  return { subpath, declarations, javascript: existing(files, plain, false), required }
}

function mainEntry(files: PackageFiles, manifest: PublishedManifest): Entry {
  const { types = manifest.typings, main = 'index.js', module } = manifest
  const declarations = [types, main, 'index']
    .map((one) => existing(files, one, true))
    .find((one) => one !== undefined)
  const javascript = [main, module, 'index.js']
    .map((one) => existing(files, one, false))
    .find((one) => one !== undefined)
  return { subpath: '.', declarations, javascript, bundled: existing(files, module, false) }
}

/** `exports` as a map of subpaths; undefined where the package has none. */
function exportMap(manifest: PublishedManifest): Json | undefined {
  const { exports } = manifest
  if (exports === undefined || exports === null) return undefined
  return isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
    ? exports
    : { '.': exports }
}

const maxFilled = 40

/** Every target of conditions with something in the place of its `*`. */
function fill(value: unknown, star: string): unknown {
  if (typeof value === 'string') return value.replaceAll('*', star)
  if (Array.isArray(value)) return value.map((one) => fill(one, star))
  return Object.fromEntries(Object.entries(recordOf(value)).map(([name, one]) => [name, fill(one, star)]))
}

/** What a pattern such as `./*` leads to and no path of its own does. */
function filled(
  files: PackageFiles,
  map: Json,
  subpath: string,
  value: unknown,
): readonly (readonly [string, unknown])[] {
  const [head, tail] = (condition(value, ['types', ...importing]) ?? '').replace(/^\.\//, '').split('*')
  // Where anything goes in a place without an end, that is every file of the package.
  if (head === undefined || tail === undefined || !/\.\w+$/.test(tail)) return []
  const stars = [...files.keys()]
    .filter((path) => path.length > head.length + tail.length && path.startsWith(head) && path.endsWith(tail))
    .map((path) => path.slice(head.length, path.length - tail.length))
  return stars
    .slice(0, maxFilled)
    .map((star) => [subpath.replace('*', star), fill(value, star)] as const)
    .filter(([path]) => !(path in map) && path !== './index')
}

/** The main entry first; without `exports` it is the only one that is meant to be imported. */
export function entriesOf(files: PackageFiles, manifest: PublishedManifest): readonly Entry[] {
  const map = exportMap(manifest)
  const main = mainEntry(files, manifest)
  if (map === undefined) return [main]
  const open = Object.entries(map).filter(([subpath, value]) => value !== null && !subpath.endsWith('.json'))
  const found = open
    .flatMap(([subpath, value]) =>
      subpath.includes('*') ? filled(files, map, subpath, value) : [[subpath, value] as const],
    )
    .map(([subpath, value]) => exportedEntry(files, subpath, value))
  const [first, rest] = [
    found.find(({ subpath }) => subpath === '.'),
    found.filter(({ subpath }) => subpath !== '.'),
  ]
  // What an old resolver reads stands in where `exports` names no types.
  const own = first === undefined ? main : { ...first, declarations: first.declarations ?? main.declarations }
  return [own, ...rest]
}

const maxModules = 4_000

/** Specifiers besides the package's name that can be imported; without `exports` every file can. */
export function importableModules(
  name: string,
  files: PackageFiles,
  manifest: PublishedManifest,
): ReadonlySet<string> {
  const map = exportMap(manifest)
  if (map !== undefined) {
    const open = Object.entries(map).filter(([subpath, value]) => value !== null && subpath !== '.')
    return new Set(
      open.map(([subpath]) => `${name}/${subpath.slice(2)}`).filter((path) => !path.endsWith('.json')),
    )
  }
  const main = mainEntry(files, manifest).javascript
  const scripts = [...files.keys()].filter((path) => /\.[cm]?js$/.test(path) && path !== main).sort()
  return new Set(scripts.slice(0, maxModules).map((path) => `${name}/${path.replace(/(\/index)?\.js$/, '')}`))
}

function canRequire(files: PackageFiles, manifest: PublishedManifest): boolean {
  const map = exportMap(manifest)
  const target = map === undefined ? (manifest.main ?? 'index.js') : condition(map['.'], requiring)
  if (target === undefined) return false
  const file = existing(files, target, false) ?? target
  if (/\.(cjs|mjs)$/.test(file)) return file.endsWith('.cjs')
  // The nearest manifest says what a plain .js is; compilers lay one beside their output.
  const folders = file
    .split('/')
    .slice(0, -1)
    .map((_, at, all) => all.slice(0, at + 1).join('/'))
  const nearest = folders
    .reverse()
    .map((folder) => files.get(`${folder}/package.json`))
    .find((one) => one !== undefined)
  const type =
    nearest === undefined ? manifest.type : (/"type"\s*:\s*"(\w+)"/.exec(nearest)?.[1] ?? 'commonjs')
  return type !== 'module'
}

/** Facts that every user of the package meets, whatever they call. */
export function factsOf(files: PackageFiles, manifest: PublishedManifest): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  facts.set(
    'module format',
    canRequire(files, manifest)
      ? 'CommonJS (`require` works)'
      : 'ES module only (`import`; `require` gives the namespace from Node 20.19 and 22.12 on, its default as `.default`, and throws before)',
  )
  if (manifest.engines?.node !== undefined) facts.set('engines.node', manifest.engines.node)
  for (const [peer, range] of Object.entries(manifest.peerDependencies ?? {}))
    facts.set(`peer dependency ${peer}`, range)
  const commands = [...commandsOf(manifest)]
  if (commands.length > 0) facts.set('commands', commands.sort().join(', '))
  return facts
}

/** Names of the commands that a package brings. */
export function commandsOf({ name, bin }: PublishedManifest): readonly string[] {
  return typeof bin === 'string' ? [name.replace(/^@[^/]+\//, '')] : Object.keys(bin ?? {})
}
