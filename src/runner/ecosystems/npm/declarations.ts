import semver from 'semver'
import { parseDocument } from 'yaml'
import type { Project, Tree } from '../project.ts'
import { setJsonString, setYamlString, yamlString } from './edit.ts'
import type { Lock, LockedPackage } from './locks/lock.ts'
import { type PackageManager, parsePackageManager } from './managers.ts'
import { type GroupKey, groupKeys, type ManifestFile } from './manifest.ts'
import { holds, type Pin, pinsOf, readBy, workspaceFile, yarnFile } from './pins.ts'
import { parseSpecifier, restyle, type Specifier, widen } from './range.ts'

/** One place in a file where a dependency's version is written. */
export interface Declaration {
  /** File that holds the version. */
  readonly path: string
  /** Where in the file. */
  readonly keys: readonly string[]
  readonly format: 'json' | 'yaml'
  /** Undefined for an override, which pins but does not declare. */
  readonly group?: GroupKey
  /** The manifest that declares it; undefined for an override. */
  readonly manifest?: string
  readonly name: string
  /** As written at its place; empty where a catalog has no such entry. */
  readonly text: string
  /** Undefined where it names no registry version, such as a git address. */
  readonly specifier?: Specifier
  /** Pinned version, where the lock file has one. */
  readonly current?: string
  /** Name at the registry of what the lock file has. */
  readonly resolvesTo?: string
  /** Of a manifest: overrides that stand in for it. Of an override: itself. */
  readonly pins: readonly Pin[]
}

/** Everything that a project's versions are decided by besides its manifests. */
interface Around {
  readonly lock: Lock
  readonly manager: PackageManager['name']
  readonly members: ReadonlySet<string | undefined>
  readonly pins: readonly Pin[]
  readonly catalogFile: string
  readonly catalogs: string
}

/** Everything that declares a version in a project: manifests, overrides, catalogs of pnpm and yarn. */
export async function declarations(
  tree: Tree,
  manifests: readonly ManifestFile[],
  { packageManager }: Pick<Project, 'packageManager'>,
  lock: Lock,
): Promise<readonly Declaration[]> {
  const manager = parsePackageManager(packageManager).name
  const catalogFile = manager === 'yarn' ? yarnFile : workspaceFile
  const [workspace = '', catalogs = ''] = await Promise.all(
    [workspaceFile, catalogFile].map((path) => textOf(tree, path)),
  )
  const members = new Set(manifests.map(({ manifest }) => manifest.name))
  const around: Around = {
    lock,
    manager,
    members,
    pins: pinsOf(manifests[0], workspace),
    catalogFile,
    catalogs,
  }
  const declared = manifests.flatMap((file) =>
    groupKeys.flatMap((group) =>
      Object.entries(file.manifest[group] ?? {}).map(([name, text]) =>
        declaration(file, group, name, text, around),
      ),
    ),
  )
  return [...declared, ...overrides(declared, around)]
}

async function textOf(tree: Tree, path: string): Promise<string | undefined> {
  return (await tree.read(path))?.toString('utf8')
}

function declaration(
  file: ManifestFile,
  group: GroupKey,
  name: string,
  text: string,
  around: Around,
): Declaration {
  const { lock, manager, members } = around
  const place = placeOf(file, group, name, text, around)
  const specifier = parseSpecifier(name, place.text)
  const range = specifier?.range ?? place.text
  const meant = around.pins.filter((one) => holds(one, file.manifest.name, name, range))
  const read = meant.filter((one) => readBy(manager, one))
  const entry = lock.find(
    file.dir,
    name,
    place.text,
    read.map((one) => catalogPlace(name, one.text, around)?.text ?? one.text),
  )
  // What the lock file has against it does not hold here: classic yarn spares the root's own dependencies.
  const pins = meant.filter((one) => entry === undefined || allows(one.text, entry.version))
  return {
    ...{ group, manifest: file.path, name, ...place, pins },
    ...found(entry),
    // What another manifest of the workspace provides has its version there, not at a registry.
    ...(specifier === undefined || members.has(name) ? {} : { specifier }),
  }
}

/** True also where it cannot be told, such as for a patch. */
function allows(text: string, version: string): boolean {
  return !isVersion(text) || semver.validRange(text) === null || semver.satisfies(version, text)
}

function found(entry: LockedPackage | undefined): Pick<Declaration, 'current' | 'resolvesTo'> {
  return entry === undefined || entry.local ? {} : { current: entry.version, resolvesTo: entry.name }
}

type Place = Pick<Declaration, 'path' | 'keys' | 'format' | 'text'>

/** Where a declared specifier is written: in the manifest, or in the catalog that it names. */
function placeOf(file: ManifestFile, group: GroupKey, name: string, text: string, around: Around): Place {
  const own: Place = { path: file.path, keys: [group, name], format: 'json', text }
  return catalogPlace(name, text, around) ?? own
}

/** Undefined for what names no catalog. */
function catalogPlace(name: string, text: string, { catalogFile, catalogs }: Around): Place | undefined {
  const catalog = /^catalog:(.*)$/.exec(text.trim())?.[1]
  if (catalog === undefined) return undefined
  const keys = catalogKeys(catalogs, catalog.trim(), name)
  const written = yamlString(catalogs, keys)
  // Without an entry there is no version: an empty range would mean all of them.
  return { path: catalogFile, keys, format: 'yaml', text: written ?? text }
}

/** The catalog without a name may stand by itself or be called `default`. */
function catalogKeys(catalogs: string, catalog: string, name: string): readonly string[] {
  if (catalog !== '' && catalog !== 'default') return ['catalogs', catalog, name]
  const own = ['catalog', name]
  return parseDocument(catalogs).hasIn(own) ? own : ['catalogs', 'default', name]
}

/** Overrides that decide what manifests declare; npm refuses one that differs from the root's, so they move together. */
function overrides(declared: readonly Declaration[], around: Around): Declaration[] {
  const found = new Map<Pin, Declaration>()
  for (const { pins, specifier: own } of declared) {
    for (const pin of pins) {
      const place = catalogPlace(pin.name, pin.text, around) ?? pin
      const { path, keys, format, text } = place
      const specifier = isVersion(text) ? parseSpecifier(pin.name, text) : undefined
      if (specifier === undefined || specifier.name !== own?.name || found.has(pin)) continue
      found.set(pin, { path, keys, format, name: pin.name, text, specifier, pins: [pin] })
    }
  }
  return [...found.values()]
}

/** `$name` says what the root declares, and moves with it; with `-` pnpm takes a dependency away. */
function isVersion(text: string): boolean {
  return !text.startsWith('$') && text.trim() !== '-'
}

export type Style = 'keep' | 'exact'

/** The files with every declaration of the given packages moved to their version. */
export async function rewrite(
  tree: Tree,
  declared: readonly Declaration[],
  versions: ReadonlyMap<string, string>,
  style: Style,
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const one of declared) {
    const version = versions.get(one.name)
    if (version === undefined || one.specifier === undefined) continue
    const value = restyled(one, one.specifier, version, style)
    if (value === one.text || isOff(one, declared, versions, style)) continue
    const bytes = files.get(one.path) ?? (await tree.read(one.path)) ?? Buffer.alloc(0)
    const set = one.format === 'json' ? setJsonString : setYamlString
    files.set(one.path, Buffer.from(set(bytes.toString('utf8'), one.keys, value)))
  }
  return files
}

/** Name, exact specifier and kept specifier of every declaration that moves. */
export function specifierPairs(
  declared: readonly Declaration[],
  versions: ReadonlyMap<string, string>,
): readonly (readonly [name: string, exact: string, kept: string])[] {
  return declared.flatMap((one) => {
    const version = versions.get(one.name)
    if (version === undefined || one.specifier === undefined) return []
    const { specifier, name } = one
    return [
      [name, restyled(one, specifier, version, 'exact'), restyled(one, specifier, version, 'keep')] as const,
    ]
  })
}

/** An override for certain ranges alone says nothing any more once no declaration meets them. */
function isOff(
  { pins: [pin], group, name }: Declaration,
  declared: readonly Declaration[],
  versions: ReadonlyMap<string, string>,
  style: Style,
): boolean {
  if (group !== undefined || pin?.range === undefined) return false
  const version = versions.get(name) ?? ''
  return !declared.some((one) => {
    if (one.group === undefined || one.specifier === undefined || !one.pins.includes(pin)) return false
    const range = parseSpecifier(name, restyled(one, one.specifier, version, style))?.range ?? ''
    return holds({ ...pin, parents: [] }, undefined, name, range)
  })
}

function restyled(one: Declaration, specifier: Specifier, version: string, style: Style): string {
  const { prefix, range, suffix = '' } = specifier
  if (one.group === 'peerDependencies') return prefix + widen(range, version)
  return prefix + (style === 'exact' ? version : restyle(range, version)) + suffix
}
