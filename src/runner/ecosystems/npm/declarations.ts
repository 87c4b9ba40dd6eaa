import type { Tree } from '../ecosystem.ts'
import { setJsonString, setYamlString, yamlString } from './edit.ts'
import type { Lock } from './locks/lock.ts'
import { type GroupKey, groupKeys, type ManifestFile } from './manifest.ts'
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
  readonly name: string
  readonly text: string
  /** Undefined where it names no registry version, such as a git address. */
  readonly specifier?: Specifier
  /** Pinned version, where the lock file has one. */
  readonly current?: string
}

const catalogFile = 'pnpm-workspace.yaml'

/** Everything that declares a version in a project: manifests, overrides, catalogs of pnpm. */
export async function declarations(
  tree: Tree,
  manifests: readonly ManifestFile[],
  lock: Lock,
): Promise<readonly Declaration[]> {
  const catalogs = (await tree.read(catalogFile))?.toString('utf8') ?? ''
  const members = new Set(manifests.map(({ manifest }) => manifest.name))
  return manifests.flatMap((file, index) => [
    ...groupKeys.flatMap((group) =>
      Object.entries(file.manifest[group] ?? {}).map(([name, text]) =>
        withoutMembers(members, declaration(file, group, name, text, lock, catalogs)),
      ),
    ),
    ...(index === 0 ? overrides(file) : []),
  ])
}

/** What another manifest of the workspace provides has its version there, not at a registry. */
function withoutMembers(members: ReadonlySet<string | undefined>, declared: Declaration): Declaration {
  if (!members.has(declared.name)) return declared
  const { specifier: _, ...rest } = declared
  return rest
}

function declaration(
  file: ManifestFile,
  group: GroupKey,
  name: string,
  text: string,
  lock: Lock,
  catalogs: string,
): Declaration {
  const entry = lock.find(file.dir, name, text)
  const current = entry?.local === false ? { current: entry.version } : {}
  const catalog = /^catalog:(.*)$/.exec(text)?.[1]
  if (catalog === undefined) {
    const specifier = parseSpecifier(name, text)
    const common = { path: file.path, keys: [group, name], format: 'json', group, name, text } as const
    return { ...common, ...current, ...(specifier === undefined ? {} : { specifier }) }
  }
  const keys = catalog === '' || catalog === 'default' ? ['catalog', name] : ['catalogs', catalog, name]
  const written = yamlString(catalogs, keys) ?? ''
  const specifier = parseSpecifier(name, written)
  const common = { path: catalogFile, keys, format: 'yaml', group, name, text: written } as const
  return { ...common, ...current, ...(specifier === undefined ? {} : { specifier }) }
}

/** npm refuses an override that differs from what the root declares, so they move together. */
function overrides(file: ManifestFile): Declaration[] {
  return (['overrides', 'resolutions'] as const).flatMap((field) =>
    Object.entries(file.manifest[field] ?? {}).flatMap(([name, text]) => {
      if (typeof text !== 'string' || text.startsWith('$')) return []
      const specifier = parseSpecifier(name, text)
      if (specifier === undefined) return []
      return [{ path: file.path, keys: [field, name], format: 'json', name, text, specifier }]
    }),
  )
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
    if (value === one.text) continue
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

function restyled(one: Declaration, specifier: Specifier, version: string, style: Style): string {
  const { prefix, range, suffix = '' } = specifier
  if (one.group === 'peerDependencies') return prefix + widen(range, version)
  return prefix + (style === 'exact' ? version : restyle(range, version)) + suffix
}
