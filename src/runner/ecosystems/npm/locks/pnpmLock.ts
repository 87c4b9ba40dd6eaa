import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { failures } from '../../../../contract/failures.ts'
import { identity, type Lock, type LockedPackage } from './lock.ts'

/** Before 6.0 the version alone; specifiers stand apart. */
const Reference = z.union([
  z.string().transform((version) => ({ version })),
  z.looseObject({ specifier: z.string().optional(), version: z.string() }),
])
const Importer = z.looseObject({
  dependencies: z.record(z.string(), Reference).optional(),
  devDependencies: z.record(z.string(), Reference).optional(),
  optionalDependencies: z.record(z.string(), Reference).optional(),
})
type Importer = z.infer<typeof Importer>

const Package = z.looseObject({
  resolution: z.looseObject({ integrity: z.string().optional(), tarball: z.string().optional() }),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  requiresBuild: z.boolean().optional(),
  dependencies: z.record(z.string(), z.unknown()).optional(),
  optionalDependencies: z.record(z.string(), z.unknown()).optional(),
})
const Edges = Package.pick({ dependencies: true, optionalDependencies: true })
type Edges = z.infer<typeof Edges>

/** `pnpm-lock.yaml`, lockfileVersion 5.0 to 9.0. */
const PnpmLockFile = z.looseObject({
  lockfileVersion: z.coerce.string(),
  importers: z.record(z.string(), Importer).optional(),
  packages: z.record(z.string(), Package).optional(),
  /** From 9.0 on: what each package depends on. */
  snapshots: z.record(z.string(), Edges).optional(),
})

export function readPnpmLock(path: string, text: string): Lock {
  const parsed = PnpmLockFile.safeParse(parseYaml(text, { maxAliasCount: 0 }))
  if (!parsed.success) throw failures.badManifest(path, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const { lockfileVersion } = parsed.data
  // Before 9.0 a project without workspaces has its only importer at the top.
  const importers = parsed.data.importers ?? { '.': Importer.parse(parsed.data) }
  const edges = edgesById(parsed.data.snapshots ?? parsed.data.packages ?? {})
  const packages = Object.entries(parsed.data.packages ?? {}).flatMap(
    ([key, entry]) => toLocked(key, entry, lockfileVersion, edges) ?? [],
  )
  const byId = new Map(packages.map((entry) => [identity(entry), entry]))
  return {
    packages,
    knows: (dir) => importers[dir === '' ? '.' : dir] !== undefined,
    find: (dir, name) => {
      const reference = referenceOf(importers[dir === '' ? '.' : dir], name)
      if (reference === undefined) return undefined
      if (/^(link|file|workspace):/.test(reference))
        return { name, version: '0.0.0', requires: [], local: true }
      const plain = withoutPeers(reference)
      // An alias names its package as a key does.
      const alias = idOf(reference)
      return byId.get(`${name}@${plain}`) ?? (alias === undefined ? undefined : byId.get(identity(alias)))
    },
  }
}

function referenceOf(importer: Importer | undefined, name: string): string | undefined {
  const { dependencies, devDependencies, optionalDependencies } = importer ?? {}
  return (dependencies?.[name] ?? devDependencies?.[name] ?? optionalDependencies?.[name])?.version
}

/** `18.2.0(react@18.2.0)`, and before 6.0 `18.2.0_react@18.2.0`, to `18.2.0`. */
function withoutPeers(reference: string): string {
  return reference.replace(/\(.*$/, '').replace(/(^|\/)(\d+\.\d+\.\d+[^_/]*)_.*$/, '$1$2')
}

/** `/ms@2.0.0`, `ms@2.0.0`, and before 6.0 `/ms/2.0.0`. */
function idOf(key: string): { readonly name: string; readonly version: string } | undefined {
  const plain = withoutPeers(key)
  const [, name, version] =
    /^\/?((?:@[^/]+\/)?[^@/]+)@(.+)$/.exec(plain) ?? /^\/((?:@[^/]+\/)?[^@/]+)\/(\d.*)$/.exec(plain) ?? []
  return name === undefined || version === undefined ? undefined : { name, version }
}

/** Names of the dependencies of all instances of a package. */
function edgesById(snapshots: Readonly<Record<string, Edges>>): ReadonlyMap<string, readonly string[]> {
  const edges = new Map<string, readonly string[]>()
  for (const [key, { dependencies, optionalDependencies }] of Object.entries(snapshots)) {
    const names = [...Object.keys(dependencies ?? {}), ...Object.keys(optionalDependencies ?? {})]
    edges.set(withoutPeers(key), [...(edges.get(withoutPeers(key)) ?? []), ...names])
  }
  return edges
}

function toLocked(
  key: string,
  entry: z.infer<typeof Package>,
  format: string,
  edges: ReadonlyMap<string, readonly string[]>,
): LockedPackage | undefined {
  const id = idOf(key)
  if (id === undefined) return undefined
  const { name, version } = id
  const { tarball, integrity } = entry.resolution
  const remote = /^(https?|git\+|file):/.test(version) || 'repo' in entry.resolution
  return {
    name,
    version,
    peers: entry.peerDependencies ?? {},
    requires: edges.get(withoutPeers(key)) ?? [],
    local: version.startsWith('file:'),
    ...(format.startsWith('9') ? {} : { installScript: entry.requiresBuild === true }),
    ...(integrity === undefined ? {} : { integrity }),
    ...(tarball !== undefined ? { resolved: tarball } : remote ? { resolved: version } : {}),
  }
}
