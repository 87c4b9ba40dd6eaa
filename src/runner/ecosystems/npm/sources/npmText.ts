import { z } from 'zod'
import { tryJson } from '../../../../contract/json.ts'
import { printJson } from '../locks/layout.ts'
import { originOf } from './origin.ts'
import {
  type Pinned,
  type Source,
  type SourceIndex,
  type SourceText,
  usualAddress,
  type Wanted,
} from './source.ts'

const specifiers = z.record(z.string(), z.string())
const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const

/** By location, of npm 7 and later. */
const Entry = z.looseObject({
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
})
type Entry = z.infer<typeof Entry>

/** By name, of npm 6: where a package comes from stands in place of its version. */
const TreeEntry = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  from: z.string().optional(),
  requires: z.unknown(),
  get dependencies() {
    return z.record(z.string(), TreeEntry).optional()
  },
})
type TreeEntry = z.infer<typeof TreeEntry>

const LockFile = z.looseObject({
  packages: z.record(z.string(), Entry).optional(),
  dependencies: z.record(z.string(), TreeEntry).optional(),
})
type LockFile = z.infer<typeof LockFile>

/** `package-lock.json` of all versions: by location, as a tree, or both. */
export const npmText: SourceText = {
  pinned: (text) => {
    const { packages = {}, dependencies } = parse(text)
    return [
      ...Object.values(packages).flatMap(({ resolved, integrity }) => pinnedAt(resolved, integrity)),
      ...tree(dependencies).flatMap(([, { version, integrity }]) => pinnedAt(version, integrity)),
    ]
  },
  wanted: (text) => {
    const { packages = {}, dependencies } = parse(text)
    return [
      ...Object.entries(packages).flatMap(([location, entry]) =>
        location.includes('node_modules/') ? wantedBy(location.replace(/^.*node_modules\//, ''), entry) : [],
      ),
      ...tree(dependencies).flatMap(([by, { requires }]) =>
        Object.entries(named(requires)).map(([name, spec]) => ({ name, text: spec, by, optional: false })),
      ),
    ]
  },
  to: (text, sources) => {
    const lock = parse(text)
    for (const entry of Object.values(lock.packages ?? {})) entryToRelay(entry, sources)
    // Where there are both, npm goes by location and writes the tree anew.
    if (lock.packages === undefined)
      for (const [, entry] of tree(lock.dependencies)) treeToRelay(entry, sources)
    return printJson(lock, text)
  },
  from: (before, after, sources) => {
    const lock = parse(after)
    const old = before === undefined ? {} : parse(before)
    const known = knownBy(old, sources)
    for (const [location, entry] of Object.entries(lock.packages ?? {}))
      entryFromRelay(location, entry, old.packages?.[location], { known, sources })
    for (const [name, entry] of tree(lock.dependencies)) treeFromRelay(name, entry, { known, sources })
    return printJson(lock, after)
  },
}

/** The document as it was read, where it is a lock file: the order of its keys counts. */
function parse(text: string): LockFile {
  const document = tryJson(text)
  return LockFile.safeParse(document).success ? (document as LockFile) : {}
}

function pinnedAt(address: string | undefined, integrity: string | undefined): Pinned[] {
  const origin = address === undefined ? undefined : originOf('x', address)
  if (origin === undefined) return []
  return [{ origin, ...(integrity === undefined ? {} : { integrity }) }]
}

function wantedBy(by: string, entry: Entry): Wanted[] {
  return groupsOf(entry).flatMap(([group, names]) =>
    Object.entries(names).map(([name, text]) => ({ name, text, by, optional: group !== 'dependencies' })),
  )
}

function groupsOf(entry: Entry): (readonly [string, Record<string, string>])[] {
  return groups.map((group) => [group, named(entry[group])] as const)
}

/** The object itself, so that what is written into it counts. */
function named(value: unknown): Record<string, string> {
  return specifiers.safeParse(value).success ? (value as Record<string, string>) : {}
}

function tree(dependencies: LockFile['dependencies'] = {}): readonly (readonly [string, TreeEntry])[] {
  return Object.entries(dependencies).flatMap(([name, entry]) => [
    [name, entry] as const,
    ...tree(entry.dependencies),
  ])
}

function entryToRelay(entry: Entry, sources: SourceIndex): void {
  const source = entry.resolved === undefined || entry.link === true ? undefined : sources.of(entry.resolved)
  if (source !== undefined) {
    entry.resolved = source.relay
    entry.integrity = source.packed.integrity
  }
  for (const [, names] of groupsOf(entry))
    for (const [name, spec] of Object.entries(names)) names[name] = sources.of(spec)?.relay ?? spec
}

function treeToRelay(entry: TreeEntry, sources: SourceIndex): void {
  const source = entry.version === undefined ? undefined : sources.of(entry.version)
  if (source !== undefined) {
    entry.version = source.relay
    entry.integrity = source.packed.integrity
    delete entry.from
  }
  const requires = named(entry.requires)
  for (const [name, spec] of Object.entries(requires)) requires[name] = sources.of(spec)?.relay ?? spec
}

interface Known {
  readonly address: string
  readonly integrity?: string | undefined
  readonly from?: string | undefined
}

interface Context {
  /** What the lock file said of each source before, by its address at the relay. */
  readonly known: ReadonlyMap<string, Known>
  readonly sources: SourceIndex
}

function knownBy(
  { packages = {}, dependencies }: LockFile,
  sources: SourceIndex,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  const add = (address: string | undefined, more: Omit<Known, 'address'>): void => {
    const source = address === undefined ? undefined : sources.of(address)
    if (source === undefined || address === undefined) return
    known.set(source.relay, { ...known.get(source.relay), address, ...more })
  }
  for (const [, { version, integrity, from }] of tree(dependencies)) add(version, { integrity, from })
  for (const { resolved, integrity } of Object.values(packages)) add(resolved, { integrity })
  return known
}

function entryFromRelay(
  location: string,
  entry: Entry,
  old: Entry | undefined,
  { known, sources }: Context,
): void {
  const source = entry.resolved === undefined ? undefined : sources.at(entry.resolved)
  if (source !== undefined) {
    const { address, integrity } = known.get(source.relay) ?? fresh(source)
    entry.resolved = address
    if (integrity === undefined) delete entry.integrity
    else entry.integrity = integrity
  }
  const inPackage = location.includes('node_modules/')
  for (const [group, names] of groupsOf(entry))
    for (const [name, spec] of Object.entries(names)) {
      const found = sources.at(spec)
      if (found === undefined) continue
      const was = named(old?.[group])[name]
      const same = inPackage && was !== undefined && sources.of(was) === found
      names[name] = same ? was : sources.specifier(location, name, found)
    }
}

function treeFromRelay(name: string, entry: TreeEntry, { known, sources }: Context): void {
  const source = entry.version === undefined ? undefined : sources.at(entry.version)
  if (source !== undefined) {
    const { address, integrity, from } = known.get(source.relay) ?? fresh(source)
    const { version: _, integrity: _integrity, ...rest } = entry
    for (const key of Object.keys(entry)) delete entry[key]
    // In npm's own order.
    Object.assign(entry, {
      version: address,
      ...(integrity === undefined ? {} : { integrity }),
      ...(source.origin.kind === 'git'
        ? { from: from ?? `${name}@${sources.specifier('', name, source)}` }
        : {}),
      ...rest,
    })
  }
  const requires = named(entry.requires)
  for (const [key, spec] of Object.entries(requires)) {
    const found = sources.at(spec)
    if (found !== undefined) requires[key] = sources.specifier(undefined, key, found)
  }
}

/** A tarball's integrity is the same for everybody. */
function fresh(source: Source): Known {
  const address = usualAddress(source)
  return source.origin.kind === 'tarball' ? { address, integrity: source.packed.integrity } : { address }
}
