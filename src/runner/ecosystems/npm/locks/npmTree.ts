import semver from 'semver'
import { z } from 'zod'
import type { Lock, LockedPackage } from './lock.ts'

/** One package of lockfileVersion 1; those that it keeps for itself hang below it. */
export const TreeEntry = z.looseObject({
  /** A version, `npm:other@1.0.0` for an alias, or where it comes from. */
  version: z.string(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  bundled: z.boolean().optional(),
  requires: z.union([z.record(z.string(), z.string()), z.boolean()]).optional(),
  get dependencies() {
    return z.record(z.string(), TreeEntry).optional()
  },
})
export type TreeEntry = z.infer<typeof TreeEntry>

/** `package-lock.json`, lockfileVersion 1, as npm 5 and 6 write it; the oldest have no version at all. */
export const NpmTree = z.looseObject({
  lockfileVersion: z.literal(1).optional(),
  packages: z.undefined().optional(),
  dependencies: z.record(z.string(), TreeEntry).optional(),
})
export type NpmTree = z.infer<typeof NpmTree>

/** The document itself, where it is one: the order of its keys counts. */
export function parseNpmTree(document: unknown): NpmTree | undefined {
  return NpmTree.safeParse(document).success ? (document as NpmTree) : undefined
}

/** Name and version at the registry. */
export function idOf(key: string, { version }: TreeEntry): Pick<LockedPackage, 'name' | 'version'> {
  const alias = /^npm:((?:@[^/]+\/)?[^@]+)@(.+)$/.exec(version)
  return { name: alias?.[1] ?? key, version: alias?.[2] ?? version }
}

/** From this repository, or inside another package. */
export function isLocal({ version, bundled }: TreeEntry): boolean {
  return bundled === true || version.startsWith('file:')
}

/** Every entry at any depth with its key; what hangs below comes after. */
export function treeEntries(tree: Pick<NpmTree, 'dependencies'>): readonly (readonly [string, TreeEntry])[] {
  return Object.entries(tree.dependencies ?? {}).flatMap(([key, entry]) => [
    [key, entry] as const,
    ...treeEntries(entry),
  ])
}

export function readNpmTree(tree: NpmTree): Lock {
  return {
    packages: treeEntries(tree).map(([key, entry]) => locked(key, entry)),
    find: (_dir, name) => {
      const entry = tree.dependencies?.[name]
      return entry === undefined ? undefined : locked(name, entry)
    },
  }
}

function locked(key: string, entry: TreeEntry): LockedPackage {
  const { integrity, requires } = entry
  const id = idOf(key, entry)
  // Git and tarballs stand where the version would.
  const resolved =
    entry.resolved ?? (semver.valid(id.version) === null && !isLocal(entry) ? entry.version : undefined)
  return {
    ...id,
    requires: typeof requires === 'object' ? Object.keys(requires) : [],
    local: isLocal(entry),
    ...(resolved === undefined ? {} : { resolved }),
    ...(integrity === undefined ? {} : { integrity }),
  }
}

/**
 * The tree with its keys sorted as another's are: npm 6 went by code units or by the reader's language, and a later one
 * goes by its own.
 */
export function sortedLike(tree: NpmTree, before: NpmTree): NpmTree {
  const keys = Object.keys(before.dependencies ?? {})
  const order = orders.find((compare) => isSorted(keys, compare))
  return order === undefined ? tree : { ...tree, ...sortedBy(tree, order) }
}

type Order = (a: string, b: string) => number

const orders: readonly Order[] = [(a, b) => a.localeCompare(b, 'en'), (a, b) => (a < b ? -1 : a > b ? 1 : 0)]

function isSorted(keys: readonly string[], order: Order): boolean {
  return keys.every((key, at) => at === 0 || order(keys[at - 1] ?? '', key) <= 0)
}

function sortedBy<T extends Pick<TreeEntry, 'dependencies'>>(entry: T, order: Order): T {
  const { dependencies } = entry
  if (dependencies === undefined) return entry
  const sorted = Object.entries(dependencies)
    .sort(([a], [b]) => order(a, b))
    .map(([key, inner]) => [key, sortedBy(inner, order)] as const)
  return { ...entry, dependencies: Object.fromEntries(sorted) }
}
